use std::time::Duration;
use wait_or_die::{RetryPolicy, wait_or_die};

const POLICY: RetryPolicy = RetryPolicy::ORDER.with_attempt_timeout(Duration::from_secs(1));

#[wait_or_die(policy = POLICY)]
fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
