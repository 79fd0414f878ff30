use wait_or_die::circuit_breaker;

fn is_outage(_error: &std::io::Error) -> u8 {
    1
}

#[circuit_breaker(name = "notion", failure_if = is_outage)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
