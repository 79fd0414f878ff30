use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s", attempt_timeout = "1m")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
