use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", window = 10, failure_rate = 0.5, window = 20)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
