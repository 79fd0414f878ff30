use wait_or_die::wait_or_die;

#[wait_or_die(attempt_timeout = none)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
