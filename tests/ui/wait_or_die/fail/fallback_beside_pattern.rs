use wait_or_die::wait_or_die;

async fn cached(pair: (usize, usize), _error: std::io::Error) -> std::io::Result<usize> {
    Ok(pair.0)
}

#[wait_or_die(fallback = cached)]
async fn count((a, b): (usize, usize)) -> std::io::Result<usize> {
    Ok(a + b)
}

fn main() {}
