use wait_or_die::{circuit_breaker, wait_or_die};

struct Host;

#[circuit_breaker(name = "notion", key = host)]
#[wait_or_die(timeout = "30s")]
async fn send(host: &Host) -> std::io::Result<()> {
    let _host = host;
    Ok(())
}

fn main() {
    let _sent = send(&Host);
}
