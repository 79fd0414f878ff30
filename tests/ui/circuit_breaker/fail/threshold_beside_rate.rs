use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", failure_threshold = 3, failure_rate = 0.5)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
