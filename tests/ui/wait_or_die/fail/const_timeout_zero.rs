use std::time::Duration;

use wait_or_die::wait_or_die;

const LIMIT: Duration = Duration::ZERO;

#[wait_or_die(timeout = LIMIT)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
