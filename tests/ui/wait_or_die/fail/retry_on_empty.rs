use wait_or_die::wait_or_die;

#[wait_or_die(retry_on())]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
