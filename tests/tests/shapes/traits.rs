//! Methods of traits in the language itself; those of `#[async_trait]` have a file of their own.

use std::future::Future;
use std::io;
use std::sync::Arc;

use wait_or_die::wait_or_die;

use super::{Flaky, sent};

trait Native {
    fn flaky(&self) -> &Flaky;

    async fn get(&mut self, key: &str) -> io::Result<usize>;

    // 39: a default method
    #[wait_or_die(max_retries = 3)]
    async fn provided(&self, n: u32) -> io::Result<u32> {
        Ok(self.flaky().ask().await? + n)
    }
}

struct Client(Arc<Flaky>, Vec<usize>);

fn client() -> Client {
    Client(Flaky::shared(), Vec::new())
}

// 40: the implementation of a native trait
impl Native for Client {
    fn flaky(&self) -> &Flaky {
        &self.0
    }

    #[wait_or_die(max_retries = 3)]
    async fn get(&mut self, key: &str) -> io::Result<usize> {
        self.1.push(key.len());
        self.0.ask().await?;
        Ok(self.1.len())
    }
}

trait Sending {
    fn get<'a>(
        &'a self,
        key: &'a str,
    ) -> impl Future<Output = io::Result<&'a str>> + Send + use<'a, Self>;
}

// 41: the implementation of a trait that asks for `Send`
impl Sending for Client {
    #[wait_or_die(max_retries = 3)]
    async fn get<'a>(&'a self, key: &'a str) -> io::Result<&'a str> {
        self.0.ask().await?;
        Ok(key)
    }
}

trait Plain {
    type Value;

    fn get(&self) -> Result<Self::Value, io::Error>;
}

// 42: a plain `fn` of a trait, with an associated type
impl Plain for Client {
    type Value = u32;

    #[wait_or_die(max_retries = 3)]
    fn get(&self) -> Result<Self::Value, io::Error> {
        self.0.ask_now()
    }
}

async fn through<S: Sending + Sync>(client: S) -> io::Result<usize> {
    client.get("key").await.map(str::len)
}

#[tokio::test(start_paused = true)]
async fn methods_of_native_traits() {
    let mut client = client();
    assert_eq!(sent(Native::get(&mut client, "key")).await.unwrap(), 2);
    assert_eq!(client.1, [3, 3]);
    // Concrete, so that `Send` is seen through the trait.
    assert_eq!(sent(client.provided(40)).await.unwrap(), 43);
}

#[tokio::test(start_paused = true)]
async fn methods_that_are_spawned_through_their_trait() {
    let out = tokio::spawn(through(client())).await.unwrap();
    assert_eq!(out.unwrap(), 3);
}

#[test]
fn plain_methods() {
    let _scope = wait_or_die::testing::scope(1);
    assert_eq!(Plain::get(&client()).unwrap(), 2);
}
