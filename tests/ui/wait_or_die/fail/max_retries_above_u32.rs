use wait_or_die::wait_or_die;

#[wait_or_die(max_retries = 4294967296)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
