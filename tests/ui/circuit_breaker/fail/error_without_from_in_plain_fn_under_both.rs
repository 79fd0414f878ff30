use wait_or_die::{Classify, Verdict, circuit_breaker, wait_or_die};

#[derive(Debug, thiserror::Error)]
#[error("the server is busy")]
struct Busy;

impl Classify for Busy {
    fn classify(&self) -> Verdict {
        Verdict::Transient
    }
}

#[circuit_breaker(name = "notion")]
#[wait_or_die(timeout = "30s")]
fn send() -> Result<(), Busy> {
    Err(Busy)
}

fn main() {}
