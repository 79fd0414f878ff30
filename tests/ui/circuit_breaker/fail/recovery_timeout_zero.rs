use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", recovery_timeout = "0s")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
