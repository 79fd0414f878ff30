use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", minimum_calls = 10)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
