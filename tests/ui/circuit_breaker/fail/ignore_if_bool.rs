use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", ignore_if = true)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
