use wait_or_die::wait_or_die;

#[wait_or_die(jitter = gaussian)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
