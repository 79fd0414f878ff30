use wait_or_die::circuit_breaker;

#[circuit_breaker(failure_threshold = 0, recovery_timeout = "fast")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
