use wait_or_die::circuit_breaker;

const LEAST: u32 = 20;

#[circuit_breaker(name = "notion", failure_rate = 0.5, window = 10, minimum_calls = LEAST)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
