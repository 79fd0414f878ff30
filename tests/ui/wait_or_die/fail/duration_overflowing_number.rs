use wait_or_die::wait_or_die;

#[wait_or_die(timeout = 1e30)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
