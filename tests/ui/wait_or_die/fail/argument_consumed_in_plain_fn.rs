use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s")]
fn send(page: String) -> std::io::Result<usize> {
    Ok(page.into_bytes().len())
}

fn main() {}
