use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", policy = wait_or_die::BreakerPolicy::new())]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
