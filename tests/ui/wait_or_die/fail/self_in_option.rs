use std::time::Duration;

use wait_or_die::wait_or_die;

struct Client;

impl Client {
    const LIMIT: Duration = Duration::from_secs(30);

    #[wait_or_die(timeout = Self::LIMIT)]
    async fn send(&self) -> std::io::Result<()> {
        Ok(())
    }
}

fn main() {
    let _sent = (Client.send(), Client::LIMIT);
}
