use std::io;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::support::{
    Client, DEADLINE, FAILURES, FIRST_WAIT, LONGEST_WAIT, RECOVERY, RETRIES, refused, timed_out, transient,
};

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

fn jittered(wait: Duration) -> Duration {
    wait.mul_f64(fastrand::f64())
}

// one function
pub static BREAKER_N: Breaker = Breaker::new();

pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    let attempts = async {
        let mut wait = FIRST_WAIT;
        let mut retries = 0;
        loop {
            // A refusal is the end of it.
            if let Err(refused) = BREAKER_N.admit() {
                break Err(refused);
            }
            let outcome: io::Result<u64> = async {
                BODY
            }
            .await;
            BREAKER_N.record(&outcome);
            match outcome {
                Err(error) if retries < RETRIES && transient(&error) => {
                    tokio::time::sleep(jittered(wait)).await;
                    wait = LONGEST_WAIT.min(wait * 2);
                    retries += 1;
                }
                outcome => break outcome,
            }
        }
    };
    tokio::time::timeout(DEADLINE, attempts).await.unwrap_or_else(timed_out)
}
