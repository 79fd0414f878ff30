use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", slow_call = "4s")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
