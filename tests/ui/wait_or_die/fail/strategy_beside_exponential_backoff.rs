use wait_or_die::wait_or_die;

#[wait_or_die(strategy = linear, exponential_backoff = true)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
