use wait_or_die::wait_or_die;

fn is_transient(_error: &std::fmt::Error) -> bool {
    true
}

#[wait_or_die(retry_if = is_transient)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
