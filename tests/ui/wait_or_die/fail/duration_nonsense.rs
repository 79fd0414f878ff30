use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "fast")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
