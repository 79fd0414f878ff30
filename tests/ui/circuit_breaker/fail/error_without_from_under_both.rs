use wait_or_die::{circuit_breaker, wait_or_die, Classify};

#[derive(Debug, Classify)]
#[classify(transient)]
struct Busy;

impl std::fmt::Display for Busy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("busy")
    }
}

#[circuit_breaker(name = "notion")]
#[wait_or_die(timeout = "30s")]
async fn send() -> Result<(), Busy> {
    Err(Busy)
}

fn main() {}
