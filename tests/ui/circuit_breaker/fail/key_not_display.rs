use wait_or_die::circuit_breaker;

struct Host;

#[circuit_breaker(name = "notion", key = host)]
async fn send(host: &Host) -> std::io::Result<()> {
    let _host = host;
    Ok(())
}

fn main() {
    let _sent = send(&Host);
}
