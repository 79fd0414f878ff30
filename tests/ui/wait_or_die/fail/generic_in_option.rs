use std::time::Duration;

use wait_or_die::wait_or_die;

trait Api {
    const LIMIT: Duration;
}

#[wait_or_die(timeout = A::LIMIT)]
async fn send<A: Api>() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
