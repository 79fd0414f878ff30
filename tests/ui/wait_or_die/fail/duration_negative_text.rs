use wait_or_die::wait_or_die;

#[wait_or_die(initial_wait = "-1s")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
