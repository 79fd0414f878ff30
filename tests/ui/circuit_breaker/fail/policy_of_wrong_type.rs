use wait_or_die::{RetryPolicy, circuit_breaker};

const POLICY: RetryPolicy = RetryPolicy::new();

#[circuit_breaker(name = "notion", policy = POLICY)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
