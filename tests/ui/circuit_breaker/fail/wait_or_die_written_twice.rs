use wait_or_die::{circuit_breaker, wait_or_die, wait_or_die as bounded};

#[bounded(timeout = "30s")]
#[circuit_breaker(name = "notion")]
#[wait_or_die(max_retries = 3)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
