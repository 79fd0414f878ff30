use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", max_retries = 3)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
