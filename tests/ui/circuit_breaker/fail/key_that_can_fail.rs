use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", key = host.ok_or(std::io::ErrorKind::NotFound)?)]
async fn send(host: Option<&str>) -> std::io::Result<()> {
    let _host = host;
    Ok(())
}

fn main() {}
