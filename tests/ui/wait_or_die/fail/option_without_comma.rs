use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s" max_retries = 3)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
