use wait_or_die::wait_or_die;

#[wait_or_die(max_wait = true)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
