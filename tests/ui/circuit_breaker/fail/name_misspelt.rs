use wait_or_die::circuit_breaker;

#[circuit_breaker(nam = "notion")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
