use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
