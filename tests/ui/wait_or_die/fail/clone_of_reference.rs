use wait_or_die::wait_or_die;

#[wait_or_die(clone(page))]
async fn send(page: &str) -> std::io::Result<usize> {
    Ok(page.len())
}

fn main() {}
