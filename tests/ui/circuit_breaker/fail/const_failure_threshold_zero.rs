use wait_or_die::circuit_breaker;

const NONE: u32 = 0;

#[circuit_breaker(name = "notion", failure_threshold = NONE)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
