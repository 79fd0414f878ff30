use wait_or_die::{BreakerPolicy, circuit_breaker};

const POLICY: BreakerPolicy = BreakerPolicy::new().with_half_open_calls(0);

#[circuit_breaker(name = "notion", policy = POLICY)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
