use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion")]
async fn send() -> Option<()> {
    Some(())
}

fn main() {}
