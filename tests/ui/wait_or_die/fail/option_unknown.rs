use wait_or_die::wait_or_die;

#[wait_or_die(max_retires = 3)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
