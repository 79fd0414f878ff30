use wait_or_die::wait_or_die;

#[circut_breaker(name = "notion")]
#[wait_or_die(timeout = "30s")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
