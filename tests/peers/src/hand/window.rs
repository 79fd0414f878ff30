//! A window of time by hand: ten buckets under a lock.

use std::sync::Mutex;

use crate::body::{Failure, Outcome};
use crate::clock::nanos;

/// As many as there are in [`Counts`].
const BUCKETS: u64 = 10;
const BUCKET: u64 = 1_000_000_000;
const LEAST: u64 = 100;

#[derive(Default)]
pub(crate) struct Buckets(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    /// Number of the bucket, successes and failures.
    buckets: [(u64, u64, u64); 10],
    open: bool,
}

impl Buckets {
    pub(crate) fn call(&self, body: impl FnOnce() -> Outcome) -> Outcome {
        if self.0.lock().is_ok_and(|counts| counts.open) {
            return Err(Failure::Refused);
        }
        let out = body();
        let now = nanos() / BUCKET;
        if let Ok(mut counts) = self.0.lock() {
            counts.record(now, out.is_ok());
        }
        out
    }
}

impl Counts {
    fn record(&mut self, now: u64, is_ok: bool) {
        let [successes, failures] = self.add(now, is_ok);
        self.open = successes + failures >= LEAST && failures * 2 >= successes + failures;
    }

    fn add(&mut self, now: u64, is_ok: bool) -> [u64; 2] {
        let mut sums = [0, 0];
        for (at, (number, successes, failures)) in (0..).zip(&mut self.buckets) {
            if at == now % BUCKETS {
                if *number != now {
                    (*number, *successes, *failures) = (now, 0, 0);
                }
                *successes += u64::from(is_ok);
                *failures += u64::from(!is_ok);
            }
            if now - *number < BUCKETS {
                sums[0] += *successes;
                sums[1] += *failures;
            }
        }
        sums
    }
}
