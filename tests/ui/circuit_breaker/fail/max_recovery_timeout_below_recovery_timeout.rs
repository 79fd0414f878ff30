use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", recovery_timeout = "30s", max_recovery_timeout = "10s")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
