use wait_or_die::wait_or_die;

#[async_trait::async_trait]
trait Api {
    async fn count(&self, page: String) -> usize;
}

struct Client;

#[async_trait::async_trait]
impl Api for Client {
    #[wait_or_die(timeout = "30s", clone(pages))]
    async fn count(&self, page: String) -> usize {
        page.len()
    }
}

fn main() {}
