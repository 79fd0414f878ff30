use wait_or_die::wait_or_die;

#[wait_or_die(strategy = exponental)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
