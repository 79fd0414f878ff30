//! Methods: inherent, of native traits, of `#[async_trait]`.

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use wait_or_die::wait_or_die;

use crate::functions::{ask, probe};

/// A client.
#[derive(Debug, Default, Clone)]
pub struct Client {
    log: Vec<u32>,
}

impl Client {
    /// Borrows.
    ///
    /// # Errors
    /// Those of the attempt.
    #[wait_or_die(timeout = "30s", fields(calls = self.log.len()))]
    pub async fn shared(&self) -> io::Result<usize> {
        probe(true).await?;
        Ok(self.log.len())
    }

    /// Borrows mutably.
    ///
    /// # Errors
    /// Those of the attempt.
    #[wait_or_die(timeout = "30s")]
    pub async fn exclusive(&mut self) -> io::Result<()> {
        self.log.push(ask(true).await?);
        Ok(())
    }

    /// Shares itself.
    ///
    /// # Errors
    /// Those of the attempt.
    #[wait_or_die(timeout = "30s")]
    pub async fn counted(self: Arc<Self>) -> io::Result<usize> {
        probe(true).await?;
        Ok(self.log.len())
    }

    /// Is used up, and changes.
    ///
    /// # Errors
    /// Those of the attempt.
    #[wait_or_die(timeout = "30s", fallback = Self::cached)]
    pub async fn owned(mut self, key: &str) -> io::Result<usize> {
        self.log.push(ask(key.is_empty()).await?);
        Ok(self.log.len())
    }

    #[allow(clippy::unused_async, reason = "a fallback of an `async fn` is one")]
    async fn cached(self, key: &str, error: io::Error) -> io::Result<usize> {
        if key.is_empty() { Err(error) } else { Ok(0) }
    }
}

/// A trait of the language's own.
pub trait Native {
    /// Gets.
    fn get<'a>(&'a self, key: &'a str) -> impl Future<Output = io::Result<&'a str>> + Send;
}

impl Native for Client {
    #[wait_or_die(timeout = "30s")]
    async fn get<'a>(&'a self, key: &'a str) -> io::Result<&'a str> {
        probe(self.log.is_empty()).await?;
        Ok(key)
    }
}

/// A trait that can be an object.
#[async_trait]
pub trait Object: Send + Sync {
    /// Gets.
    async fn get(&self, key: String) -> io::Result<Vec<u8>>;
    /// Puts.
    async fn put(&mut self, count: u32, rest: &mut [u32], pair: (u32, u32)) -> io::Result<u32>;
    /// Has a body of its own.
    #[wait_or_die(timeout = "30s")]
    async fn provided(&self) -> io::Result<u32> {
        ask(true).await
    }
}

#[async_trait]
impl Object for Client {
    #[wait_or_die(timeout = "30s", clone(key), attempt = attempt)]
    async fn get(&self, key: String) -> io::Result<Vec<u8>> {
        probe(attempt.number() == 1).await?;
        Ok(key.into_bytes())
    }

    #[wait_or_die(timeout = "30s")]
    async fn put(
        &mut self,
        mut count: u32,
        mut rest: &mut [u32],
        (mut left, right): (u32, u32),
    ) -> io::Result<u32> {
        while let [first, tail @ ..] = rest {
            *first = first.wrapping_add(1);
            rest = tail;
        }
        count = count.wrapping_add(1);
        left = left.wrapping_add(right);
        self.log.push(ask(true).await?);
        Ok(count.wrapping_add(left))
    }
}
