use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", success_threshold = 0)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
