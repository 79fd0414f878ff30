use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", failure_rate = f64::NAN)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
