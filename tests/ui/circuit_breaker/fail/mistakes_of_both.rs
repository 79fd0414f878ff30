use wait_or_die::{circuit_breaker, wait_or_die};

#[wait_or_die(timeout = 0)]
#[circuit_breaker(name = "notion", failure_rate = 2)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
