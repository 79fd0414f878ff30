use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", crate = self::resilience)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
