use wait_or_die::wait_or_die;

#[wait_or_die(strategy = linear, multiplier = 2.0)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
