use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", failure_if = "is_outage")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
