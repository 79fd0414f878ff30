use wait_or_die::circuit_breaker;

#[wait_or_die(timeout = "30s")]
#[circuit_breaker(name = "notion")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
