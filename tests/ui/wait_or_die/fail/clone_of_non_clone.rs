use wait_or_die::wait_or_die;

struct Page(Vec<u8>);

fn consume(page: Page) -> usize {
    page.0.len()
}

#[wait_or_die(clone(page))]
async fn send(page: Page) -> std::io::Result<usize> {
    Ok(consume(page))
}

fn main() {}
