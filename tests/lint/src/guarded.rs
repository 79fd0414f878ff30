//! Behind a circuit breaker, alone and with retries, in either order.

use core::time::Duration;
use std::io;

use async_trait::async_trait;
use wait_or_die::{BreakerPolicy, Window, circuit_breaker, wait_or_die};

use crate::functions::{ask, probe};
use crate::options::Failure;

const POLICY: BreakerPolicy = BreakerPolicy::NETWORK;
const RECOVERY: Duration = Duration::from_secs(90);
const WINDOW: Window = Window::Calls(50);
const MINIMUM: u32 = 4;
const SHARE: f64 = 0.25;

const fn is_sick(error: &Failure) -> bool {
    matches!(error, Failure::Io(_))
}

/// Alone, with nothing but a name.
///
/// # Errors
/// Those of the attempt.
#[circuit_breaker(name = "bare")]
pub async fn bare(fine: bool) -> io::Result<u32> {
    ask(fine).await
}

/// Alone, round a plain function that consumes its argument.
///
/// # Errors
/// If the text is empty.
#[circuit_breaker(name = "bare", key = text.len())]
pub fn plain(text: String) -> io::Result<Vec<u8>> {
    if text.is_empty() {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(text.into_bytes())
}

/// Above, with every option that goes with a time window.
///
/// # Errors
/// Those of the attempt.
#[circuit_breaker(
    name = "rates",
    policy = POLICY,
    failure_rate = SHARE,
    window = "10s",
    minimum_calls = MINIMUM,
    slow_call = "2s",
    slow_call_rate = 0.5,
    recovery_timeout = RECOVERY,
    max_recovery_timeout = "1h",
    success_threshold = 2,
    half_open_calls = 3,
    key = host,
    failure_if = is_sick,
    ignore_if = |error| matches!(error, Failure::Denied),
    on_cancel = failure
)]
#[wait_or_die(timeout = "5m", when_open = wait)]
pub async fn rates(host: &str, fine: bool) -> Result<u32, Failure> {
    probe(!host.is_empty()).await?;
    Ok(ask(fine).await?)
}

/// Below, with a window that is a constant.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(timeout = "30s", clone(page), fields(page))]
#[circuit_breaker(name = "counted", failure_rate = 0.5, window = WINDOW)]
pub async fn counted(page: String, mut count: u32) -> io::Result<Vec<u8>> {
    count = count.wrapping_add(1);
    probe(count > 0).await?;
    Ok(page.into_bytes())
}

/// A plain function with both.
///
/// # Errors
/// If it is not fine.
#[wait_or_die(timeout = "30s")]
#[circuit_breaker(name = "counted")]
pub fn both(fine: bool, log: &mut Vec<u32>) -> io::Result<usize> {
    log.push(1);
    if fine {
        return Ok(log.len());
    }
    Err(io::ErrorKind::TimedOut.into())
}

/// A client of one host.
#[derive(Debug)]
#[non_exhaustive]
pub struct Host {
    name: String,
}

impl Host {
    /// Its name, if it is there.
    ///
    /// # Errors
    /// Those of the attempt.
    #[circuit_breaker(name = "hosts", key = self.name)]
    #[wait_or_die(timeout = "30s")]
    pub async fn name(&self) -> io::Result<&str> {
        probe(true).await?;
        Ok(&self.name)
    }

    /// Gives its name away.
    ///
    /// # Errors
    /// Those of the attempt.
    #[circuit_breaker(name = "hosts", key = &self.name)]
    pub async fn into_name(mut self) -> io::Result<String> {
        probe(true).await?;
        self.name.push('!');
        Ok(self.name)
    }
}

/// A trait that can be an object.
#[async_trait]
pub trait Remote: Send + Sync {
    /// Gets.
    async fn get(&self, key: String) -> io::Result<Vec<u8>>;
    /// Puts.
    async fn put(&mut self, text: String) -> io::Result<usize>;
}

#[async_trait]
impl Remote for Host {
    #[circuit_breaker(name = "hosts", key = self.name, ignore_if = |_| self.name.is_empty())]
    #[wait_or_die(timeout = "30s", clone(key))]
    async fn get(&self, key: String) -> io::Result<Vec<u8>> {
        probe(true).await?;
        Ok(key.into_bytes())
    }

    #[circuit_breaker(name = "hosts", key = self.name)]
    async fn put(&mut self, text: String) -> io::Result<usize> {
        probe(true).await?;
        self.name = text;
        Ok(self.name.len())
    }
}
