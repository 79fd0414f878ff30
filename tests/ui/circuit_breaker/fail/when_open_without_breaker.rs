use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s", when_open = wait)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
