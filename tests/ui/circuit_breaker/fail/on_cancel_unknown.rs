use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", on_cancel = success)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
