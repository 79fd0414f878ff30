use wait_or_die::wait_or_die;

#[derive(Debug, thiserror::Error)]
#[error("the server is busy")]
struct Busy;

impl From<wait_or_die::Error> for Busy {
    fn from(_: wait_or_die::Error) -> Self {
        Self
    }
}

#[wait_or_die(timeout = "30s")]
fn send() -> Result<(), Busy> {
    Err(Busy)
}

fn main() {}
