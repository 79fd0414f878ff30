use wait_or_die::circuit_breaker;

const LAST: u32 = 100;

#[circuit_breaker(name = "notion", failure_rate = 0.5, window = LAST)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
