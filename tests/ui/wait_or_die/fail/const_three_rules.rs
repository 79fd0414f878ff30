use std::time::Duration;
use wait_or_die::wait_or_die;

const LIMIT: Duration = Duration::ZERO;
const FIRST: Duration = Duration::from_secs(9);
const GROWTH: f64 = 0.5;

#[wait_or_die(timeout = LIMIT, initial_wait = FIRST, max_wait = "3s", multiplier = GROWTH)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
