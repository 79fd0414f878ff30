use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", failure_rate = "50%")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
