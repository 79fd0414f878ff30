use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", reset_timeout = "30s", max_failures = 3)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
