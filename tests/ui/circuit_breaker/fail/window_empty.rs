use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", failure_rate = 0.5, window = 0)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
