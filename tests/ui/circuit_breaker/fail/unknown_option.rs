use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", failure_treshold = 3)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
