use std::cell::Cell;

use super::*;

const SECOND: u64 = BUCKET;

struct Breaker {
    buckets: Buckets,
    now: Cell<u64>,
}

impl Breaker {
    fn new() -> Self {
        Self {
            buckets: Buckets::default(),
            now: Cell::new(0),
        }
    }

    fn call(&self, out: Outcome) -> Outcome {
        self.buckets.call(|| self.now.get(), || out)
    }

    /// So many that succeed and fail, all of which are let pass.
    fn calls(&self, successes: u64, failures: u64) {
        for _ in 0..successes {
            assert_eq!(self.call(Ok(1)), Ok(1));
        }
        for _ in 0..failures {
            assert_eq!(self.call(Err(Failure::Down)), Err(Failure::Down));
        }
    }

    fn pass(&self, time: u64) {
        self.now.set(self.now.get() + time);
    }

    fn is_open(&self) -> bool {
        self.call(Ok(1)) == Err(Failure::Refused)
    }
}

#[test]
fn half_of_the_calls_open_it() {
    let breaker = Breaker::new();
    breaker.calls(60, 59);
    assert!(!breaker.is_open(), "59 of 119, and a success");
    breaker.calls(0, 1);
    assert!(!breaker.is_open(), "60 of 121, and a success");
    breaker.calls(0, 2);
    assert!(breaker.is_open(), "62 of 124");
}

#[test]
fn few_calls_do_not() {
    let breaker = Breaker::new();
    breaker.calls(0, 99);
    assert_eq!(breaker.call(Err(Failure::Down)), Err(Failure::Down));
    assert!(breaker.is_open());
}

#[test]
fn what_is_older_than_ten_seconds_does_not_count() {
    let breaker = Breaker::new();
    breaker.calls(0, 99);
    breaker.pass(9 * SECOND);
    breaker.calls(200, 0);
    breaker.pass(SECOND);
    breaker.calls(0, 199);
    assert!(!breaker.is_open(), "199 of 399, without the first 99");
    breaker.calls(0, 2);
    assert!(breaker.is_open());
}

#[test]
fn each_second_has_its_own_bucket() {
    let breaker = Breaker::new();
    for _ in 0..25 {
        breaker.calls(8, 2);
        breaker.pass(SECOND);
    }
    // Nine buckets of ten calls are left, and one that is empty.
    breaker.calls(0, 53);
    assert!(!breaker.is_open(), "71 of 143, and a success");
    breaker.calls(0, 1);
    assert!(!breaker.is_open(), "72 of 145, and a success");
    breaker.calls(0, 2);
    assert!(breaker.is_open(), "74 of 148");
}

#[test]
fn a_pause_longer_than_the_window_empties_it() {
    for pause in [10, 11, 19, 20, 1_000] {
        let breaker = Breaker::new();
        breaker.pass(3 * SECOND);
        breaker.calls(0, 99);
        breaker.pass(pause * SECOND);
        breaker.calls(0, 99);
        assert!(!breaker.is_open(), "{pause}");
    }
}

#[test]
fn it_closes_after_a_minute_and_begins_anew() {
    let breaker = Breaker::new();
    breaker.pass(5 * SECOND);
    breaker.calls(0, 100);
    breaker.pass(RECOVERY - 1);
    assert!(breaker.is_open());
    breaker.pass(1);
    assert!(!breaker.is_open());
    breaker.calls(0, 98);
    assert!(!breaker.is_open(), "98 of 99, and a success");
    breaker.calls(0, 1);
    assert!(breaker.is_open());
}

#[test]
fn a_thread_that_is_behind_counts_in_the_latest_bucket() {
    let breaker = Breaker::new();
    breaker.pass(20 * SECOND);
    breaker.calls(0, 50);
    breaker.now.set(19 * SECOND);
    breaker.calls(0, 50);
    assert!(breaker.is_open());
}

#[test]
fn no_call_of_several_threads_is_lost() {
    let buckets = Buckets::default();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for time in 0..10_000 {
                    let _ = buckets.call(|| time * SECOND / 2_000, || Ok(1));
                }
            });
        }
    });
    let counts = buckets.counts.into_inner().expect("no thread panicked");
    assert_eq!((counts.sum.calls, counts.sum.failures), (40_000, 0));
    let each: u64 = counts.buckets.iter().map(|tally| tally.calls).sum();
    assert_eq!(each, 40_000);
}
