use wait_or_die::{circuit_breaker, wait_or_die};

#[wait_or_die(crate = crate::resilience)]
#[circuit_breaker(name = "notion", crate = ::wait_or_die)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
