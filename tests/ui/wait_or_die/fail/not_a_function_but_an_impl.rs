use wait_or_die::wait_or_die;

struct Client;

#[wait_or_die(timeout = "30s")]
impl Client {
    async fn send(&self) -> std::io::Result<()> {
        Ok(())
    }
}

fn main() {
    let _sent = Client.send();
}
