use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s", initial_wait = "40s")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
