use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", failure_rate = 0.5, window = 10, minimum_calls = 20)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
