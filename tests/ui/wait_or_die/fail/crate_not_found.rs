use wait_or_die::wait_or_die;

#[wait_or_die(crate = ::renamed)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
