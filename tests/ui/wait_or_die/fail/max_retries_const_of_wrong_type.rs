use wait_or_die::wait_or_die;

const RETRIES: u64 = 3;

#[wait_or_die(max_retries = RETRIES)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
