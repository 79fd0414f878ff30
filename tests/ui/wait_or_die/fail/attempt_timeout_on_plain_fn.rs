use wait_or_die::wait_or_die;

#[wait_or_die(attempt_timeout = "1s")]
fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
