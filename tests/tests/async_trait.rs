//! Methods that `#[async_trait]` has rewritten before the attribute sees them.

use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use wait_or_die::wait_or_die;

/// Refuses the first attempt and answers the number of every later one.
#[derive(Debug, Default)]
struct Flaky(AtomicU32);

impl Flaky {
    async fn ask(&self) -> io::Result<u32> {
        tokio::task::yield_now().await;
        match self.0.fetch_add(1, Ordering::Relaxed) + 1 {
            1 => Err(io::ErrorKind::ConnectionRefused.into()),
            attempt => Ok(attempt),
        }
    }
}

#[derive(Debug, Default)]
struct Client {
    flaky: Flaky,
    log: Vec<u32>,
}

#[async_trait]
trait Api: Send + Sync {
    fn flaky(&self) -> &Flaky;

    async fn shared(&self, n: u32) -> io::Result<u32>;
    async fn exclusive(&mut self, n: u32) -> io::Result<usize>;
    async fn counted(self: Arc<Self>) -> io::Result<u32>;
    async fn owned(self) -> io::Result<Vec<u32>>;
    async fn boxed(self: Box<Self>) -> io::Result<Vec<u32>>;
    async fn consumes(&self, page: String, seen: &mut Vec<usize>) -> io::Result<Vec<u8>>;
    async fn changes(&self, n: u32, rest: &mut [u32], log: Vec<u32>) -> io::Result<Vec<u32>>;
    async fn patterns(&self, pair: (u32, String), gone: u32) -> io::Result<u32>;
    async fn lends<'a>(&'a self, keys: &[&'a str]) -> io::Result<&'a str>;
    async fn generic<T: AsRef<str> + Send + Sync, const N: usize>(
        &self,
        value: T,
        bytes: [u8; N],
    ) -> io::Result<usize>;
    async fn saved(&self, key: String) -> io::Result<usize>;
    async fn bounded(&self) -> io::Result<()>;
    async fn judged(&mut self) -> io::Result<usize>;
    async fn matched(&mut self) -> io::Result<usize>;

    #[wait_or_die(max_retries = 3)]
    async fn provided(&self) -> io::Result<u32> {
        self.flaky().ask().await
    }
}

impl Client {
    fn is_refusal(&self, error: &io::Error) -> bool {
        !self.log.is_empty() && error.kind() == io::ErrorKind::ConnectionRefused
    }

    #[allow(clippy::unused_async)] // a fallback of an `async fn` is one
    async fn cached(&self, key: String, _: io::Error) -> io::Result<usize> {
        Ok(self.log.len() + key.len())
    }
}

#[async_trait]
impl Api for Client {
    fn flaky(&self) -> &Flaky {
        &self.flaky
    }

    #[wait_or_die(max_retries = 3)]
    async fn shared(&self, n: u32) -> io::Result<u32> {
        Ok(self.flaky.ask().await? + n)
    }

    #[wait_or_die(
        max_retries = 3,
        retry_if = |error| self.is_refusal(error),
        fields(asked = self.log.len(), last = *self.log.last().unwrap_or(&0))
    )]
    async fn judged(&mut self) -> io::Result<usize> {
        self.log.push(1);
        self.flaky.ask().await?;
        Ok(self.log.len())
    }

    #[wait_or_die(
        max_retries = 3,
        abort_on(error if !self.is_refusal(error)),
        retry_on(error if self.is_refusal(error))
    )]
    async fn matched(&mut self) -> io::Result<usize> {
        self.log.push(1);
        self.flaky.ask().await?;
        Ok(self.log.len())
    }

    #[wait_or_die(max_retries = 3)]
    async fn exclusive(&mut self, n: u32) -> io::Result<usize> {
        self.log.push(n);
        self.flaky.ask().await?;
        Ok(self.log.len())
    }

    #[wait_or_die(max_retries = 3)]
    async fn counted(self: Arc<Self>) -> io::Result<u32> {
        self.flaky.ask().await
    }

    #[wait_or_die(max_retries = 3)]
    async fn owned(mut self) -> io::Result<Vec<u32>> {
        self.log.push(1);
        self.flaky.ask().await?;
        Ok(self.log.clone())
    }

    #[wait_or_die(max_retries = 3)]
    async fn boxed(mut self: Box<Self>) -> io::Result<Vec<u32>> {
        self.log.push(1);
        self.flaky.ask().await?;
        Ok(self.log.clone())
    }

    #[wait_or_die(max_retries = 3, clone(page), fields(page))]
    async fn consumes(&self, page: String, seen: &mut Vec<usize>) -> io::Result<Vec<u8>> {
        seen.push(page.len());
        let bytes = page.into_bytes();
        self.flaky.ask().await?;
        Ok(bytes)
    }

    #[wait_or_die(max_retries = 3, clone(log))]
    async fn changes(
        &self,
        mut n: u32,
        mut rest: &mut [u32],
        mut log: Vec<u32>,
    ) -> io::Result<Vec<u32>> {
        n += 1;
        log.push(n);
        while let [first, tail @ ..] = rest {
            *first += 1;
            rest = tail;
        }
        self.flaky.ask().await?;
        Ok(log)
    }

    #[wait_or_die(max_retries = 3)]
    async fn patterns(&self, (mut a, b): (u32, String), _: u32) -> io::Result<u32> {
        a += 1;
        self.flaky.ask().await?;
        if b.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(a)
    }

    #[wait_or_die(max_retries = 3)]
    async fn lends<'a>(&'a self, keys: &[&'a str]) -> io::Result<&'a str> {
        self.flaky.ask().await?;
        Ok(keys[0])
    }

    #[wait_or_die(max_retries = 3)]
    async fn generic<T: AsRef<str> + Send + Sync, const N: usize>(
        &self,
        value: T,
        bytes: [u8; N],
    ) -> io::Result<usize> {
        self.flaky.ask().await?;
        Ok(value.as_ref().len() + bytes.len())
    }

    #[wait_or_die(max_retries = 1, attempt = attempt, fallback = Self::cached)]
    async fn saved(&self, key: String) -> io::Result<usize> {
        self.flaky.ask().await?;
        Err(io::Error::other(format!("{key} {}", attempt.number())))
    }

    #[wait_or_die(timeout = "5s")]
    async fn bounded(&self) -> io::Result<()> {
        std::future::pending().await
    }
}

#[async_trait(?Send)]
trait Local {
    async fn get(&self, count: Rc<u32>) -> io::Result<u32>;
}

#[async_trait(?Send)]
impl Local for Flaky {
    #[wait_or_die(max_retries = 3)]
    async fn get(&self, count: Rc<u32>) -> io::Result<u32> {
        Ok(self.ask().await? + *count)
    }
}

#[tokio::test(start_paused = true)]
async fn receivers() {
    assert_eq!(Client::default().shared(40).await.unwrap(), 42);
    let mut client = Client::default();
    assert_eq!(client.exclusive(7).await.unwrap(), 2);
    assert_eq!(client.log, [7, 7]);
    // What decides and what is recorded may name `self`.
    assert_eq!(Client::default().judged().await.unwrap(), 2);
    assert_eq!(Client::default().matched().await.unwrap(), 2);
    let counted = Arc::new(Client::default()).counted();
    assert_eq!(tokio::spawn(counted).await.unwrap().unwrap(), 2);
    // `mut self` keeps what an attempt made of it.
    assert_eq!(Client::default().owned().await.unwrap(), [1, 1]);
    assert_eq!(Box::new(Client::default()).boxed().await.unwrap(), [1, 1]);
    assert_eq!(Client::default().provided().await.unwrap(), 2);
    assert_eq!(Flaky::default().get(Rc::new(40)).await.unwrap(), 42);
}

#[tokio::test(start_paused = true)]
async fn arguments() {
    let mut seen = Vec::new();
    let consumed = Client::default()
        .consumes("page".to_owned(), &mut seen)
        .await;
    assert_eq!(consumed.unwrap(), b"page");
    assert_eq!(seen, [4, 4]);
    let mut rest = [0, 10];
    let changed = Client::default().changes(1, &mut rest, vec![9]).await;
    assert_eq!(changed.unwrap(), [9, 2], "`n` and `log` start afresh");
    assert_eq!(rest, [2, 12], "`rest` is as long as it was");
    let out = Client::default().patterns((1, "b".to_owned()), 0).await;
    assert_eq!(out.unwrap(), 2);
    assert_eq!(Client::default().generic("key", [0; 5]).await.unwrap(), 8);
    assert_eq!(Client::default().lends(&["a"]).await.unwrap(), "a");
}

#[tokio::test(start_paused = true)]
async fn outcomes() {
    let client = Client::default();
    assert_eq!(client.saved("key".to_owned()).await.unwrap(), 3);
    assert_eq!(client.flaky.0.load(Ordering::Relaxed), 2);
    let error = Client::default().bounded().await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
}

#[tokio::test(start_paused = true)]
async fn behind_a_trait_object() {
    #[async_trait]
    trait Get: Send {
        async fn get(&mut self) -> io::Result<u32>;
    }
    #[async_trait]
    impl Get for Flaky {
        #[wait_or_die(max_retries = 3)]
        async fn get(&mut self) -> io::Result<u32> {
            self.ask().await
        }
    }
    let mut object: Box<dyn Get> = Box::new(Flaky::default());
    let out = tokio::spawn(async move { object.get().await });
    assert_eq!(out.await.unwrap().unwrap(), 2);
}
