use wait_or_die::wait_or_die;

fn told(_text: &str) {}

#[wait_or_die(on_retry = told)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
