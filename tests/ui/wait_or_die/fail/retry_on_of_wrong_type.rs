use wait_or_die::wait_or_die;

enum Busy {
    Now,
}

#[wait_or_die(retry_on(Busy::Now))]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
