use wait_or_die::wait_or_die;

#[wait_or_die]
#[circuit_breaker(name = "notion")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
