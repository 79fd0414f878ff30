use wait_or_die::{Classify, Verdict, wait_or_die};

#[derive(Debug, thiserror::Error)]
#[error("the server is busy")]
struct Busy;

impl Classify for Busy {
    fn classify(&self) -> Verdict {
        Verdict::Transient
    }
}

#[wait_or_die(timeout = "30s")]
async fn send() -> Result<(), Busy> {
    Err(Busy)
}

fn main() {}
