use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", max_recovery_timeout = "10s")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
