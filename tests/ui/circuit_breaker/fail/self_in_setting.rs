use std::time::Duration;

use wait_or_die::circuit_breaker;

struct Client;

impl Client {
    const REST: Duration = Duration::from_secs(30);

    #[circuit_breaker(name = "notion", recovery_timeout = Self::REST)]
    async fn send(&self) -> std::io::Result<()> {
        Ok(())
    }
}

fn main() {
    let _sent = (Client.send(), Client::REST);
}
