use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s", budget = 0.2)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
