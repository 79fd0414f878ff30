use wait_or_die::circuit_breaker;

const SHARE: f64 = f64::NAN;

#[circuit_breaker(name = "notion", failure_rate = SHARE)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
