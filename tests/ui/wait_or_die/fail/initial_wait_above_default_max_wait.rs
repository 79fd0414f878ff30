use wait_or_die::wait_or_die;

#[wait_or_die(initial_wait = "2m")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
