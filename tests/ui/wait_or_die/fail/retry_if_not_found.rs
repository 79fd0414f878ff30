use wait_or_die::wait_or_die;

#[wait_or_die(retry_if = is_transient)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
