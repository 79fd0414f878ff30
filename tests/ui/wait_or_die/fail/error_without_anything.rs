use wait_or_die::wait_or_die;

struct Busy;

#[wait_or_die(timeout = "30s")]
async fn send() -> Result<(), Busy> {
    Err(Busy)
}

fn main() {}
