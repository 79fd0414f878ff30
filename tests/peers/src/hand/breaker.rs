//! The least that a breaker of failures in a row can be: one probe is not even told from another call.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64};
use std::time::Duration;

const THRESHOLD: u32 = 5;
const RECOVERY: u64 = 60_000_000_000;

#[derive(Default)]
pub(crate) struct Hand {
    state: AtomicU8,
    failures: AtomicU32,
    until: AtomicU64,
}

impl Hand {
    /// Runs the call, or says how long it is until one may pass.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the least that it can cost")]
    pub(crate) fn call<T, E>(
        &self,
        now: impl Fn() -> u64,
        body: impl FnOnce() -> Result<T, E>,
    ) -> Result<Result<T, E>, Duration> {
        self.admit(&now)?;
        let result = body();
        self.record(result.is_ok(), now);
        Ok(result)
    }

    /// Lets a call pass, or says how long it is until one may.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the least that it can cost")]
    pub(crate) fn admit(&self, now: impl Fn() -> u64) -> Result<(), Duration> {
        if self.state.load(Acquire) != 0 {
            let now = now();
            let until = self.until.load(Relaxed);
            if now < until {
                return Err(Duration::from_nanos(until - now));
            }
            self.state.store(0, Release);
        }
        Ok(())
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the least that it can cost")]
    pub(crate) fn record(&self, is_ok: bool, now: impl Fn() -> u64) {
        if !is_ok {
            self.failed(now());
        } else if self.failures.load(Relaxed) != 0 {
            self.failures.store(0, Relaxed);
        }
    }

    fn failed(&self, now: u64) {
        if self.failures.fetch_add(1, Relaxed) + 1 >= THRESHOLD {
            self.until.store(now + RECOVERY, Relaxed);
            self.state.store(1, Release);
        }
    }
}
