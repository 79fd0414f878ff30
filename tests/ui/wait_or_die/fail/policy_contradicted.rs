use wait_or_die::{RetryPolicy, wait_or_die};

#[wait_or_die(policy = RetryPolicy::DATABASE, attempt_timeout = "1m")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
