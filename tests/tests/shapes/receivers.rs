//! Methods, by what they make of `self`.

use std::io;
use std::pin::Pin;
use std::sync::Arc;

use wait_or_die::wait_or_die;

use super::{Flaky, sent};

#[derive(Debug, Default)]
struct Client {
    flaky: Arc<Flaky>,
    host: String,
    sent: Vec<u32>,
}

impl Client {
    fn new() -> Self {
        Self {
            host: "host".to_owned(),
            ..Self::default()
        }
    }

    // 1: `&self`
    #[wait_or_die(max_retries = 3)]
    async fn shared(&self, n: u32) -> io::Result<u32> {
        Ok(self.flaky.ask().await? + n)
    }

    // 2: `&mut self`
    #[wait_or_die(max_retries = 3)]
    async fn exclusive(&mut self, n: u32) -> io::Result<usize> {
        self.sent.push(n);
        self.flaky.ask().await?;
        self.sent.push(n);
        Ok(self.sent.len())
    }

    // 3: `self: Arc<Self>`
    #[wait_or_die(max_retries = 3)]
    async fn counted(self: Arc<Self>) -> io::Result<usize> {
        self.flaky.ask().await?;
        Ok(self.host.len())
    }

    // 4: `self`
    #[wait_or_die(max_retries = 3)]
    async fn owned(self) -> io::Result<usize> {
        self.flaky.ask().await?;
        Ok(self.host.len())
    }

    // 5: `mut self`, which keeps what an attempt made of it
    #[wait_or_die(max_retries = 3)]
    async fn owned_and_changed(mut self) -> io::Result<Vec<u32>> {
        self.sent.push(1);
        self.flaky.ask().await?;
        Ok(self.sent.clone())
    }

    // 6: `self: Box<Self>` and `self: &Self`
    #[wait_or_die(max_retries = 3)]
    async fn boxed(self: Box<Self>) -> io::Result<usize> {
        self.as_ref().flaky.ask().await?;
        Ok(self.host.len())
    }

    #[allow(clippy::needless_arbitrary_self_type)] // the shape that is tested
    #[wait_or_die(max_retries = 3)]
    async fn typed(self: &Self) -> io::Result<usize> {
        self.flaky.ask().await?;
        Ok(self.host.len())
    }

    // 7: `self: Pin<&mut Self>`
    #[wait_or_die(max_retries = 3)]
    async fn pinned(mut self: Pin<&mut Self>) -> io::Result<usize> {
        self.as_mut().sent.push(1);
        self.flaky.ask().await?;
        Ok(self.sent.len())
    }

    // 8: no receiver, and `Self` in the signature and in the body
    #[wait_or_die(max_retries = 3)]
    async fn connect(flaky: &Arc<Flaky>) -> io::Result<Self> {
        flaky.ask().await?;
        Ok(Self::new())
    }
}

// 9: an impl with generics and conditions
struct Store<T>(T);

impl<T> Store<T>
where
    T: AsRef<Flaky> + Send + Sync,
{
    #[wait_or_die(max_retries = 3)]
    async fn get<K>(&self, key: &K) -> io::Result<String>
    where
        K: ToString + Sync,
    {
        self.0.as_ref().ask().await?;
        Ok(key.to_string())
    }
}

impl AsRef<Self> for Flaky {
    fn as_ref(&self) -> &Self {
        self
    }
}

#[tokio::test(start_paused = true)]
async fn by_reference() {
    let client = Client::new();
    assert_eq!(sent(client.shared(40)).await.unwrap(), 42);
    let mut client = Client::new();
    // The failed attempt has pushed too: what it did to the world is not undone.
    assert_eq!(sent(client.exclusive(7)).await.unwrap(), 3);
    assert_eq!(client.sent, [7, 7, 7]);
    assert_eq!(sent(Client::new().typed()).await.unwrap(), 4);
    let mut client = Client::new();
    assert_eq!(sent(Pin::new(&mut client).pinned()).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn by_value() {
    let client = Arc::new(Client::new());
    let counted = tokio::spawn(Arc::clone(&client).counted()).await.unwrap();
    assert_eq!(counted.unwrap(), 4);
    assert_eq!(client.flaky.attempts(), 2);
    let owned = tokio::spawn(Client::new().owned()).await.unwrap();
    assert_eq!(owned.unwrap(), 4);
    let changed = tokio::spawn(Client::new().owned_and_changed()).await;
    assert_eq!(changed.unwrap().unwrap(), [1, 1]);
    let boxed = tokio::spawn(Box::new(Client::new()).boxed()).await.unwrap();
    assert_eq!(boxed.unwrap(), 4);
}

#[tokio::test(start_paused = true)]
async fn without_a_receiver_and_in_a_generic_impl() {
    let flaky = Flaky::shared();
    let client = sent(Client::connect(&flaky)).await.unwrap();
    assert_eq!((client.host.as_str(), flaky.attempts()), ("host", 2));
    let store = Store(Flaky::shared());
    assert_eq!(sent(store.get(&7)).await.unwrap(), "7");
    assert_eq!(store.0.attempts(), 2);
}
