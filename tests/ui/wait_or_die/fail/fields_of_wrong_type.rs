use wait_or_die::wait_or_die;

#[wait_or_die(fields(page))]
async fn send(page: &[String]) -> std::io::Result<usize> {
    Ok(page.len())
}

fn main() {}
