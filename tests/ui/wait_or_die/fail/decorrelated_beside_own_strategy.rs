use std::time::Duration;

use wait_or_die::wait_or_die;

fn steps(retry: u32) -> Duration {
    Duration::from_secs(u64::from(retry))
}

#[wait_or_die(strategy = steps, jitter = decorrelated)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
