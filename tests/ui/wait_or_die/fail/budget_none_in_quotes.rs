use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s", budget = "none")]
async fn send() -> std::io::Result<()> {
    Ok(())
}

#[wait_or_die(timeout = "30s", budget = "")]
async fn ask() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
