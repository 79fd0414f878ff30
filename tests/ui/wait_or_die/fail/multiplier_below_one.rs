use wait_or_die::wait_or_die;

#[wait_or_die(multiplier = 0.5)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
