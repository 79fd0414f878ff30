use wait_or_die::wait_or_die;

async fn cached(_error: std::io::Error) -> std::io::Result<usize> {
    Ok(0)
}

#[wait_or_die(fallback = cached)]
async fn count(page: String) -> std::io::Result<usize> {
    Ok(page.len())
}

fn main() {}
