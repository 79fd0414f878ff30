//! Every interleaving of two threads at a breaker.
//!
//! `RUSTFLAGS="--cfg loom" cargo test --release --test loom_breaker`
#![cfg(loom)]

use std::time::Duration;

use loom::sync::Arc;
use loom::sync::atomic::{AtomicU32, Ordering::SeqCst};
use loom::thread;
use wait_or_die::breaker::{Core, Outcome, Permit, Seams, State};
use wait_or_die::{BreakerPolicy, Window};

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;

fn model(body: impl Fn() + Sync + Send + 'static) {
    loom::model(body);
}

fn core(policy: BreakerPolicy) -> Arc<Core> {
    let seams = Seams::new(|| 0, || 0.5);
    Arc::new(Core::new(policy, seams, 0).unwrap())
}

fn consecutive(failures: u32) -> BreakerPolicy {
    BreakerPolicy::new().with_failure_threshold(failures)
}

fn rated(window: Window, minimum: u32) -> BreakerPolicy {
    BreakerPolicy::new()
        .with_failure_rate(0.5)
        .with_window(window)
        .with_minimum_calls(minimum)
}

fn call(core: &Core, outcome: Outcome, now: u64) -> bool {
    let permit = core.try_acquire(now);
    let admitted = permit.is_ok();
    if let Ok(permit) = permit {
        permit.record(outcome, now);
    }
    admitted
}

/// Opened at 0 by its first failure.
fn opened(policy: BreakerPolicy) -> Arc<Core> {
    let core = core(policy);
    assert!(call(&core, Outcome::Failure, 0));
    assert_eq!(core.state(), State::Open);
    core
}

#[test]
fn a_threshold_reached_by_two_threads_opens_once() {
    model(|| {
        let core = core(consecutive(2));
        let changes = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&changes);
        core.listen(move |_| {
            counted.fetch_add(1, SeqCst);
        });
        let other = Arc::clone(&core);
        let thread = thread::spawn(move || {
            call(&other, Outcome::Failure, 0);
        });
        call(&core, Outcome::Failure, 0);
        thread.join().unwrap();
        let seen = core.snapshot(0);
        assert_eq!((seen.state, seen.generation), (State::Open, 1));
        assert_eq!(changes.load(SeqCst), 1);
    });
}

#[test]
fn a_success_beside_the_last_failure_comes_before_or_too_late() {
    model(|| {
        let core = core(consecutive(2));
        call(&core, Outcome::Failure, 0);
        let other = Arc::clone(&core);
        let thread = thread::spawn(move || {
            call(&other, Outcome::Success, 0);
        });
        call(&core, Outcome::Failure, 0);
        thread.join().unwrap();
        let seen = core.snapshot(0);
        match seen.state {
            // failure, success
            State::Open => assert_eq!(seen.generation, 1),
            // success, failure
            state => assert_eq!((state, seen.consecutive_failures), (State::Closed, 1)),
        }
    });
}

#[test]
fn two_callers_after_the_recovery_time_share_one_place() {
    model(|| {
        let core = opened(consecutive(1));
        let most = Arc::new(AtomicU32::new(0));
        let admitted = Arc::new(AtomicU32::new(0));
        let probe = |core: Arc<Core>, most: Arc<AtomicU32>, admitted: Arc<AtomicU32>| {
            move || {
                if let Ok(permit) = core.try_acquire(MINUTE) {
                    assert_eq!(most.fetch_add(1, SeqCst), 0, "two probes at a time");
                    admitted.fetch_add(1, SeqCst);
                    most.fetch_sub(1, SeqCst);
                    permit.cancel(MINUTE);
                }
            }
        };
        let thread = thread::spawn(probe(core.clone(), most.clone(), admitted.clone()));
        probe(core.clone(), most, admitted.clone())();
        thread.join().unwrap();
        assert!(admitted.load(SeqCst) >= 1);
        let seen = core.snapshot(MINUTE);
        assert_eq!((seen.state, seen.probes), (State::HalfOpen, 0));
        assert!(core.try_acquire(MINUTE).is_ok(), "the place is free again");
    });
}

#[test]
fn probes_that_disagree_change_the_state_once() {
    model(|| {
        let policy = consecutive(1).with_half_open_calls(2);
        let core = opened(policy);
        let first = Permit::acquire(core.clone(), Duration::ZERO, MINUTE).unwrap();
        let second = Permit::acquire(core.clone(), Duration::ZERO, MINUTE).unwrap();
        let thread = thread::spawn(move || first.record(Outcome::Failure, MINUTE));
        second.record(Outcome::Success, MINUTE);
        thread.join().unwrap();
        let seen = core.snapshot(MINUTE);
        assert_eq!(seen.generation, 3);
        assert!(matches!(seen.state, State::Open | State::Closed));
    });
}

#[test]
fn a_late_failure_does_not_count_after_a_reset() {
    model(|| {
        let core = core(consecutive(2));
        let late = Permit::acquire(core.clone(), Duration::ZERO, 0).unwrap();
        let thread = thread::spawn(move || late.record(Outcome::Failure, 0));
        core.reset(0);
        thread.join().unwrap();
        let seen = core.snapshot(0);
        assert_eq!((seen.generation, seen.consecutive_failures), (1, 0));
    });
}

#[test]
fn a_late_success_clears_nothing_after_a_reset() {
    model(|| {
        let core = core(consecutive(3));
        call(&core, Outcome::Failure, 0);
        let late = Permit::acquire(core.clone(), Duration::ZERO, 0).unwrap();
        let thread = thread::spawn(move || late.record(Outcome::Success, 0));
        core.reset(0);
        call(&core, Outcome::Failure, 0);
        thread.join().unwrap();
        let seen = core.snapshot(0);
        assert_eq!((seen.generation, seen.consecutive_failures), (1, 1));
    });
}

#[test]
fn a_failure_beside_a_change_to_a_window_is_not_kept_as_one_in_a_row() {
    model(|| {
        let core = core(consecutive(2));
        let late = Permit::acquire(core.clone(), Duration::ZERO, 0).unwrap();
        let thread = thread::spawn(move || late.record(Outcome::Failure, 0));
        core.reconfigure(rated(Window::Calls(4), 4), 0).unwrap();
        thread.join().unwrap();
        let seen = core.snapshot(0);
        // Before the change it was a failure in a row, which a window knows nothing of; after it, a call of the window.
        assert_eq!(seen.consecutive_failures, 0);
        assert!(seen.calls <= 1);
    });
}

#[test]
fn a_refusal_never_outlasts_the_opening() {
    model(|| {
        let core = core(consecutive(1));
        let other = Arc::clone(&core);
        let thread = thread::spawn(move || {
            call(&other, Outcome::Failure, 0);
        });
        if let Err(refusal) = core.try_acquire(SECOND) {
            assert_eq!(refusal.retry_in, Some(Duration::from_secs(59)));
        }
        thread.join().unwrap();
        assert!(core.try_acquire(SECOND).is_err());
        assert!(core.try_acquire(MINUTE).is_ok());
    });
}

#[test]
fn a_ring_counts_every_call_and_opens_at_the_minimum() {
    model(|| {
        let core = core(rated(Window::Calls(2), 2));
        let other = Arc::clone(&core);
        let thread = thread::spawn(move || {
            call(&other, Outcome::Success, 0);
        });
        call(&core, Outcome::Failure, 0);
        thread.join().unwrap();
        assert_eq!(core.state(), State::Open);
        assert_eq!(core.snapshot(0).generation, 1);
    });
}

/// A breaker whose window of 10 s has seen four successes, so that further ones take the fast way.
fn settled() -> Arc<Core> {
    let core = core(rated(Window::Time(Duration::from_secs(10)), 2));
    for _ in 0..4 {
        call(&core, Outcome::Success, 0);
    }
    core
}

#[test]
fn a_window_of_time_counts_fast_successes_beside_a_failure() {
    model(|| {
        let core = settled();
        let other = Arc::clone(&core);
        let thread = thread::spawn(move || {
            call(&other, Outcome::Success, SECOND);
        });
        call(&core, Outcome::Failure, SECOND);
        thread.join().unwrap();
        let seen = core.snapshot(SECOND);
        assert_eq!((seen.calls, seen.failures), (6, 1));
    });
}

#[test]
fn a_bucket_that_turns_loses_no_success() {
    model(|| {
        let core = settled();
        let other = Arc::clone(&core);
        let thread = thread::spawn(move || {
            call(&other, Outcome::Success, 9 * SECOND);
        });
        call(&core, Outcome::Success, 11 * SECOND);
        thread.join().unwrap();
        assert_eq!(core.snapshot(11 * SECOND).calls, 6);
    });
}

#[test]
fn a_fast_success_beside_a_reset_counts_as_nothing_after_it() {
    model(|| {
        let core = settled();
        let late = Permit::acquire(core.clone(), Duration::ZERO, 0).unwrap();
        let thread = thread::spawn(move || late.record(Outcome::Success, 0));
        core.reset(0);
        // Enough for the fast way to be open again.
        call(&core, Outcome::Success, 0);
        call(&core, Outcome::Success, 0);
        thread.join().unwrap();
        assert_eq!(core.snapshot(0).calls, 2);
    });
}

#[test]
fn a_window_that_is_resized_loses_no_success() {
    model(|| {
        let core = settled();
        let other = Arc::clone(&core);
        let thread = thread::spawn(move || {
            call(&other, Outcome::Success, 0);
        });
        let wider = rated(Window::Time(Duration::from_secs(20)), 2);
        core.reconfigure(wider, 0).unwrap();
        thread.join().unwrap();
        assert_eq!(core.snapshot(0).calls, 5);
    });
}
