use wait_or_die::{circuit_breaker, wait_or_die as guard};

#[circuit_breaker(name = "notion")]
#[guard]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
