use wait_or_die::wait_or_die;

fn steps(retry: u32) -> u64 {
    u64::from(retry)
}

#[wait_or_die(strategy = steps)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
