use wait_or_die::circuit_breaker;

#[circuit_breaker(failure_threshold = 3)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
