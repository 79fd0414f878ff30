use wait_or_die::wait_or_die;

async fn cached(page: String, _error: std::io::Error) -> usize {
    page.len()
}

#[wait_or_die(fallback = cached)]
async fn count(page: String) -> std::io::Result<usize> {
    Ok(page.len())
}

fn main() {}
