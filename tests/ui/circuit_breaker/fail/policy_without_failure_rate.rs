use wait_or_die::{BreakerPolicy, circuit_breaker};

#[circuit_breaker(name = "notion", policy = BreakerPolicy::DATABASE, window = 100)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
