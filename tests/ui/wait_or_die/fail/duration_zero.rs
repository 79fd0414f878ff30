use wait_or_die::wait_or_die;

#[wait_or_die(timeout = 0)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
