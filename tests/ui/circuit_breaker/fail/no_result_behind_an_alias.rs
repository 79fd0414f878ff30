use wait_or_die::circuit_breaker;

type Answer = Option<()>;

#[circuit_breaker(name = "notion")]
async fn send() -> Answer {
    Some(())
}

fn main() {}
