use wait_or_die::wait_or_die;

#[wait_or_die(policy = wait_or_die::RetryPolicy::new())]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
