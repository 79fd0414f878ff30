use wait_or_die::wait_or_die;

#[wait_or_die(attempt_timeout = "0s")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
