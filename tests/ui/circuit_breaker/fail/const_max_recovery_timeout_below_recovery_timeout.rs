use wait_or_die::circuit_breaker;

const LONGEST: std::time::Duration = std::time::Duration::from_secs(1);

#[circuit_breaker(name = "notion", max_recovery_timeout = LONGEST)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
