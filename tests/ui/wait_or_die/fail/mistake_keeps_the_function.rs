use wait_or_die::wait_or_die;

#[wait_or_die(max_retires = 3)]
async fn send(key: String) -> std::io::Result<usize> {
    Ok(key.len())
}

async fn caller() -> std::io::Result<usize> {
    // Only the option is wrong: the function and what is said about its use stay.
    send("key".to_owned()).await
}

fn main() {
    let _called = caller();
}
