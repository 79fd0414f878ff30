//! A window of time by hand: ten buckets under a lock, and their sums.

#[cfg(test)]
mod tests;

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::body::{Failure, Outcome};

const BUCKETS: usize = 10;
const BUCKET: u64 = 1_000_000_000;
const LEAST: u64 = 100;
/// Longer than the window, which is empty when the breaker closes again.
const RECOVERY: u64 = 60_000_000_000;

#[derive(Default)]
pub(crate) struct Buckets {
    /// When it closes again; 0 while it is closed.
    until: AtomicU64,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    buckets: [Tally; BUCKETS],
    /// Of all buckets.
    sum: Tally,
    /// Number of the latest bucket since the clock began, and where it is.
    latest: u64,
    at: usize,
}

#[derive(Default)]
struct Tally {
    calls: u64,
    failures: u64,
}

impl Buckets {
    #[inline]
    pub(crate) fn call(&self, now: impl Fn() -> u64, body: impl FnOnce() -> Outcome) -> Outcome {
        let until = self.until.load(Acquire);
        if until != 0 {
            if now() < until {
                return Err(Failure::Refused);
            }
            // Unless another thread has just opened it again.
            let _ = self.until.compare_exchange(until, 0, Relaxed, Relaxed);
        }
        let out = body();
        let now = now();
        if let Ok(mut counts) = self.counts.lock()
            && counts.record(now / BUCKET, out.is_ok())
        {
            self.until.store(now + RECOVERY, Release);
        }
        out
    }
}

impl Counts {
    /// Counts a call; says whether it is one failure too many, which a success never is.
    #[inline]
    fn record(&mut self, bucket: u64, is_ok: bool) -> bool {
        // Another thread may be ahead of this one, which asked for the time before it had the lock.
        if bucket > self.latest {
            self.turn_to(bucket);
        }
        let tally = &mut self.buckets[self.at];
        tally.calls += 1;
        self.sum.calls += 1;
        if is_ok {
            return false;
        }
        tally.failures += 1;
        self.sum.failures += 1;
        self.sum.calls >= LEAST && self.sum.failures * 2 >= self.sum.calls
    }

    /// Empties the buckets between the latest and this one, and takes what was in them from the sums.
    #[cold]
    fn turn_to(&mut self, bucket: u64) {
        for _ in (self.latest..bucket).take(BUCKETS) {
            self.at = (self.at + 1) % BUCKETS;
            let old = std::mem::take(&mut self.buckets[self.at]);
            self.sum.calls -= old.calls;
            self.sum.failures -= old.failures;
        }
        self.latest = bucket;
    }
}
