use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "99999999999999999999y")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
