use std::time::Duration;

use wait_or_die::wait_or_die;

const LIMIT: Duration = Duration::from_secs(1);

#[wait_or_die(initial_wait = "5s", max_wait = LIMIT)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
