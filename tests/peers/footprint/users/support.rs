//! What every user shares: the client that is called, and what all of them hold an error to be.
#![allow(dead_code, reason = "no user needs all of it")]

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub const RETRIES: u32 = 3;
pub const FIRST_WAIT: Duration = Duration::from_millis(100);
pub const LONGEST_WAIT: Duration = Duration::from_secs(10);
pub const DEADLINE: Duration = Duration::from_secs(30);
pub const FAILURES: u32 = 5;
pub const RECOVERY: Duration = Duration::from_secs(60);

/// A client of some service, as cheap to clone as those of HTTP are.
#[derive(Debug, Clone, Default)]
pub struct Client {
    calls: Arc<AtomicU64>,
}

impl Client {
    /// Suspends once.
    ///
    /// # Errors
    /// If `seed` is empty.
    pub async fn token(&self, seed: &[u8]) -> io::Result<u64> {
        tokio::task::yield_now().await;
        let first = seed.first().ok_or(ErrorKind::InvalidInput)?;
        Ok(self.calls.fetch_add(u64::from(*first), Ordering::Relaxed))
    }

    /// Suspends once.
    ///
    /// # Errors
    /// If `page` is empty.
    pub async fn send(&self, token: u64, id: u64, page: &str) -> io::Result<u64> {
        tokio::task::yield_now().await;
        if page.is_empty() {
            return Err(ErrorKind::ConnectionReset.into());
        }
        Ok(token + id + page.len() as u64)
    }
}

/// Whether it may help to try again.
pub fn transient(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused | ErrorKind::TimedOut
    )
}

/// The error of a call that its deadline has cut off.
pub fn timed_out<T, Elapsed>(_: Elapsed) -> io::Result<T> {
    Err(ErrorKind::TimedOut.into())
}

/// The error of a call that an open breaker has refused.
pub fn refused() -> io::Error {
    ErrorKind::ConnectionRefused.into()
}
