//! A breaker alone asks nothing of the arguments that the plain function does not.

use std::cell::Cell;

use wait_or_die::circuit_breaker;

struct Client {
    host: String,
    sent: u32,
}

impl Client {
    #[circuit_breaker(name = "a", key = self.host)]
    async fn reads_what_is_not_sync(&self, size: Cell<u32>) -> std::io::Result<u32> {
        tokio::task::yield_now().await;
        Ok(size.get())
    }

    #[circuit_breaker(name = "a")]
    async fn lends(&mut self, by: u32) -> std::io::Result<&mut u32> {
        tokio::task::yield_now().await;
        self.sent += by;
        Ok(&mut self.sent)
    }

    #[circuit_breaker(name = "a")]
    fn lends_at_once(&mut self) -> std::io::Result<&mut String> {
        Ok(&mut self.host)
    }

    #[circuit_breaker(name = "a")]
    fn consumes(self, mut pages: Vec<u8>) -> std::io::Result<(Self, Vec<u8>)> {
        pages.push(1);
        Ok((self, pages))
    }

    #[circuit_breaker(name = "a", failure_if = |_| self.sent > limit)]
    async fn is_judged_by_its_arguments(&mut self, limit: u32) -> std::io::Result<u32> {
        self.sent += 1;
        tokio::task::yield_now().await;
        Ok(limit)
    }
}

fn is_send<T: Send>(_: &T) {}

fn main() {
    let mut client = Client {
        host: "api".to_owned(),
        sent: 0,
    };
    is_send(&client.reads_what_is_not_sync(Cell::new(3)));
    is_send(&client.lends(1));
    is_send(&client.is_judged_by_its_arguments(3));
    let _lent = client.lends_at_once();
    let _consumed = client.consumes(Vec::new());
}
