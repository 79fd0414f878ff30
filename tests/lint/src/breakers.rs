//! Functions behind a breaker, alone and beside retries.

use core::fmt::Debug;
use core::time::Duration;
use std::io;

use wait_or_die::{BreakerPolicy, Window, circuit_breaker, circuit_breaker as guard, wait_or_die};

use crate::functions::{ask, probe};

const SEARCH: BreakerPolicy = BreakerPolicy::new().with_failure_rate(0.5);
const LAST: Window = Window::Time(Duration::from_secs(10));

/// An error without `Classify`.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// No answer.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// No call.
    #[error(transparent)]
    WaitOrDie(#[from] wait_or_die::Error),
}

/// A breaker alone.
///
/// # Errors
/// Those of the attempt.
#[circuit_breaker(name = "alone")]
pub async fn alone(fine: bool) -> io::Result<u32> {
    ask(fine).await
}

/// An error that says nothing of itself, and arguments that the body takes.
///
/// # Errors
/// Those of the attempt.
#[circuit_breaker(name = "alone")]
pub async fn unclassified(mut pages: Vec<u8>, page: u8) -> Result<Vec<u8>, Refused> {
    pages.push(page);
    probe(pages.len() > 1).await?;
    Ok(pages)
}

/// A plain function.
///
/// # Errors
/// If there is nothing.
#[guard(name = "plain", failure_threshold = 3, ignore_if = |error| error.kind() == io::ErrorKind::NotFound)]
pub fn plain(mut pages: Vec<u8>) -> io::Result<impl Debug> {
    pages.pop().ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Every option.
///
/// # Errors
/// Those of the attempt.
#[circuit_breaker(
    name = "every",
    policy = SEARCH,
    window = LAST,
    minimum_calls = 5,
    slow_call = "4s",
    slow_call_rate = 0.5,
    recovery_timeout = 30,
    max_recovery_timeout = "5m",
    success_threshold = 2,
    half_open_calls = 3,
    key = host,
    failure_if = |error| error.kind() == io::ErrorKind::TimedOut,
    ignore_if = |error| error.kind() == io::ErrorKind::NotFound,
    on_cancel = failure
)]
pub async fn every(host: &str) -> io::Result<u32> {
    ask(host.is_empty()).await
}

/// With retries, the breaker above.
///
/// # Errors
/// Those of the attempt.
#[circuit_breaker(name = "both", key = fine, failure_if = |error| error.kind() == io::ErrorKind::TimedOut)]
#[wait_or_die(when_open = wait, clone(text))]
pub async fn above(fine: bool, text: String) -> io::Result<u32> {
    drop(text);
    ask(fine).await
}

/// With retries, the breaker below.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(budget = none)]
#[circuit_breaker(name = "both")]
pub fn below(fine: bool) -> io::Result<u32> {
    fine.then_some(1)
        .ok_or_else(|| io::ErrorKind::TimedOut.into())
}

/// Methods.
#[derive(Debug, Default)]
pub struct Client {
    host: String,
    sent: u32,
}

impl Client {
    /// Lends what it has.
    ///
    /// # Errors
    /// Those of the attempt.
    #[circuit_breaker(name = "lends", key = self.host)]
    pub async fn lends(&mut self, fine: bool) -> io::Result<&mut u32> {
        self.sent = self.sent.saturating_add(ask(fine).await?);
        Ok(&mut self.sent)
    }
}

/// A method of a trait.
#[async_trait::async_trait]
pub trait Sends {
    /// Sends.
    async fn send(&mut self, page: String) -> io::Result<u32>;
}

#[async_trait::async_trait]
impl Sends for Client {
    #[circuit_breaker(name = "trait", key = self.host)]
    async fn send(&mut self, page: String) -> io::Result<u32> {
        self.sent = self.sent.saturating_add(1);
        ask(page == self.host).await
    }
}
