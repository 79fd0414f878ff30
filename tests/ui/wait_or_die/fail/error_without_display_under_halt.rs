use wait_or_die::{Classify, Verdict, wait_or_die};

#[derive(Debug)]
struct Busy;

impl From<wait_or_die::Error> for Busy {
    fn from(_: wait_or_die::Error) -> Self {
        Self
    }
}

impl Classify for Busy {
    fn classify(&self) -> Verdict {
        Verdict::Transient
    }
}

#[wait_or_die(halt, timeout = "30s")]
async fn send() -> Result<(), Busy> {
    Err(Busy)
}

#[wait_or_die(halt, timeout = "30s")]
fn send_now() -> Result<(), Busy> {
    Err(Busy)
}

fn main() {}
