use std::io;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::LazyLock;
use std::time::Instant;

use crate::support::{Client, FAILURES, RECOVERY, refused, transient};

static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Failures in a row, and since when it is open, in milliseconds; after that every caller is a probe.
#[derive(Default)]
pub struct Breaker {
    failures: AtomicU32,
    opened: AtomicU64,
}

fn now() -> u64 {
    BEGIN.elapsed().as_millis() as u64
}

impl Breaker {
    pub const fn new() -> Self {
        Self {
            failures: AtomicU32::new(0),
            opened: AtomicU64::new(0),
        }
    }

    pub fn admit(&self) -> io::Result<()> {
        let open = self.failures.load(Ordering::Acquire) >= FAILURES;
        if open && now() < self.opened.load(Ordering::Relaxed) + RECOVERY.as_millis() as u64 {
            return Err(refused());
        }
        Ok(())
    }

    pub fn record<T>(&self, outcome: &io::Result<T>) {
        match outcome {
            Err(error) if transient(error) => {
                self.opened.store(now(), Ordering::Relaxed);
                self.failures.fetch_add(1, Ordering::Release);
            }
            _ if self.failures.load(Ordering::Relaxed) != 0 => {
                self.failures.store(0, Ordering::Release);
            }
            _ => {}
        }
    }
}

// one function
pub static BREAKER_N: Breaker = Breaker::new();

pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    BREAKER_N.admit()?;
    let outcome: io::Result<u64> = async {
        BODY
    }
    .await;
    BREAKER_N.record(&outcome);
    outcome
}
