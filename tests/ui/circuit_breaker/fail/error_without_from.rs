use wait_or_die::circuit_breaker;

#[derive(Debug)]
struct Busy;

#[circuit_breaker(name = "notion")]
async fn send() -> Result<(), Busy> {
    Err(Busy)
}

fn main() {}
