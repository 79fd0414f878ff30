use wait_or_die::wait_or_die;

#[wait_or_die(max_retries = -1)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
