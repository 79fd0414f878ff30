use wait_or_die::wait_or_die;

#[wait_or_die(max_retries = retries)]
async fn send(retries: u32) -> std::io::Result<u32> {
    Ok(retries)
}

fn main() {}
