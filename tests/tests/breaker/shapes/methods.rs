//! Methods: every receiver, and traits that `#[async_trait]` makes objects of.

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use wait_or_die::{circuit_breaker as guard, testing, wait_or_die as retry};

use super::{Answer, Flaky, failures, sent};

#[derive(Default)]
struct Client {
    flaky: Flaky,
    log: Vec<usize>,
    host: String,
}

impl Client {
    #[guard(name = "s", key = self.host)]
    #[retry(max_retries = 3)]
    async fn shared(&self) -> io::Result<&str> {
        self.flaky.ask().await?;
        Ok(&self.host)
    }

    #[retry(max_retries = 3)]
    #[guard(name = "s", key = &self.host)]
    async fn exclusive(&mut self, key: &str) -> io::Result<usize> {
        self.log.push(key.len());
        self.flaky.ask().await?;
        Ok(self.log.len())
    }

    #[guard(name = "s", key = self.host)]
    #[retry(max_retries = 3)]
    async fn owned(mut self: Box<Self>, n: usize) -> io::Result<usize> {
        self.log.push(n);
        self.flaky.ask().await?;
        Ok(self.log.len())
    }

    #[guard(name = "s", key = self.host)]
    async fn once(mut self, n: usize) -> Answer<Vec<usize>> {
        self.log.push(n);
        Ok(self.log)
    }

    #[retry(max_retries = 3)]
    #[guard(name = "s")]
    async fn counted(self: Arc<Self>) -> io::Result<u32> {
        self.flaky.ask().await
    }
}

#[async_trait]
trait Api: Send + Sync {
    fn flaky(&self) -> &Flaky;
    async fn get(&self, key: String, seen: &mut Vec<usize>) -> io::Result<Vec<u8>>;
    async fn put(&mut self, n: u32, pair: (u32, String)) -> io::Result<u32>;

    #[retry(max_retries = 3)]
    #[guard(name = "s")]
    async fn provided(&self) -> io::Result<u32> {
        self.flaky().ask().await
    }
}

#[async_trait]
impl Api for Client {
    fn flaky(&self) -> &Flaky {
        &self.flaky
    }

    #[guard(name = "s", key = self.host, ignore_if = |_| self.host.is_empty())]
    #[retry(max_retries = 3, clone(key))]
    async fn get(&self, key: String, seen: &mut Vec<usize>) -> io::Result<Vec<u8>> {
        seen.push(key.len());
        self.flaky.ask().await?;
        Ok(key.into_bytes())
    }

    #[retry(max_retries = 3)]
    #[guard(name = "s", key = &self.host)]
    async fn put(&mut self, mut n: u32, (mut a, b): (u32, String)) -> io::Result<u32> {
        n += 1;
        a += u32::try_from(b.len()).unwrap();
        self.log.push(b.len());
        self.flaky.ask().await?;
        Ok(n + a + u32::try_from(self.log.len()).unwrap())
    }
}

#[tokio::test(start_paused = true)]
async fn receivers() {
    let _scope = testing::scope(1);
    let client = || Client {
        host: "host".to_owned(),
        ..Client::default()
    };
    assert_eq!(sent(client().shared()).await.unwrap(), "host");
    assert_eq!(sent(client().exclusive("key")).await.unwrap(), 2);
    assert_eq!(sent(Box::new(client()).owned(3)).await.unwrap(), 2);
    assert_eq!(sent(client().once(3)).await.unwrap(), [3]);
    assert_eq!(
        tokio::spawn(Arc::new(client()).counted())
            .await
            .unwrap()
            .unwrap(),
        2
    );
    assert_eq!(failures(), 0, "all ended well");
}

#[tokio::test(start_paused = true)]
async fn methods_of_async_traits() {
    let _scope = testing::scope(1);
    let mut seen = Vec::new();
    let object: Box<dyn Api> = Box::<Client>::default();
    assert_eq!(
        sent(object.get("key".to_owned(), &mut seen)).await.unwrap(),
        b"key"
    );
    assert_eq!(seen, [3, 3]);
    let mut object: Box<dyn Api> = Box::<Client>::default();
    assert_eq!(
        sent(object.put(1, (10, "bb".to_owned()))).await.unwrap(),
        16
    );
    assert_eq!(sent(object.provided()).await.unwrap(), 3);
    let object: Box<dyn Api> = Box::<Client>::default();
    assert_eq!(sent(object.provided()).await.unwrap(), 2);
    assert_eq!(failures(), 0, "all ended well");
}
