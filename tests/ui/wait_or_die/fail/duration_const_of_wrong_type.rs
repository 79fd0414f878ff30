use wait_or_die::wait_or_die;

const LIMIT: u64 = 30;

#[wait_or_die(timeout = LIMIT)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
