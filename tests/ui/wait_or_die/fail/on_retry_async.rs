use wait_or_die::{Retry, wait_or_die};

async fn told(_: &Retry<'_, std::io::Error>) {}

#[wait_or_die(timeout = "30s", on_retry = told)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
