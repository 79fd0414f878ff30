//! The ways round the lock: what they answer, and that they are taken. Without them the breaker would do the same,
//! only slower.

use core::cell::Cell;
use core::time::Duration;

use super::super::hot::Gate;
use super::super::{Core, Outcome, Seams};
use crate::policy::{BreakerPolicy, Window};
use crate::sync::lock;

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;

fn core(policy: BreakerPolicy) -> Core {
    let seams = Seams::new(|| 0, || 0.0);
    Core::new(policy, seams, 0).unwrap()
}

fn calls(core: &Core, outcome: Outcome, times: u32, now: u64) {
    for _ in 0..times {
        core.try_acquire(now).unwrap().record(outcome, now);
    }
}

fn gate(core: &Core) -> &Gate {
    core.hot.0.gate()
}

#[test]
fn an_open_breaker_refuses_at_the_gate() {
    let day = 24 * 60 * MINUTE;
    let core = core(BreakerPolicy::new().with_failure_threshold(1));
    assert_eq!(gate(&core).left(day), None);
    calls(&core, Outcome::Failure, 1, day);
    for (now, left) in [
        (day, Some(MINUTE)),
        (day + MINUTE - 1, Some(1)),
        (day + MINUTE, None),
        (day - MINUTE, Some(2 * MINUTE)),
        (day - MINUTE - 1, None),
    ] {
        assert_eq!(gate(&core).left(now), left);
    }
    // While somebody holds the lock.
    let kept = lock(&core.kept);
    let refusal = core.try_acquire(day + SECOND).unwrap_err();
    drop(kept);
    assert_eq!(refusal.retry_in, Some(Duration::from_secs(59)));
    // Under the lock the recovery time starts anew, and the gate with it.
    let refusal = core.try_acquire(SECOND).unwrap_err();
    assert_eq!(refusal.retry_in, Some(Duration::from_secs(60)));
    assert_eq!(gate(&core).left(2 * SECOND), Some(59 * SECOND));
}

#[test]
fn a_half_open_breaker_refuses_at_the_gate_while_every_place_is_taken() {
    let policy = BreakerPolicy::new()
        .with_failure_threshold(1)
        .with_half_open_calls(2);
    let core = core(policy);
    calls(&core, Outcome::Failure, 1, 0);
    let first = core.try_acquire(MINUTE).unwrap();
    assert_eq!(gate(&core).left(MINUTE), None);
    let second = core.try_acquire(MINUTE + SECOND).unwrap();
    // Until the first lease is over.
    assert_eq!(gate(&core).left(MINUTE + SECOND), Some(59 * SECOND));
    drop(second);
    assert_eq!(gate(&core).left(MINUTE + SECOND), None);
    drop(first);
}

#[test]
fn a_settled_window_counts_fast_successes_without_the_lock() {
    let policy = BreakerPolicy::new()
        .with_failure_rate(0.5)
        .with_minimum_calls(2)
        .with_window(Window::Time(Duration::from_secs(11)));
    let core = core(policy);
    let count = |generation, now| {
        let shards = core.hot.0.shards.get().unwrap();
        shards.count(generation, now)
    };
    calls(&core, Outcome::Success, 1, 0);
    assert!(!count(0, 0), "too few calls");
    calls(&core, Outcome::Success, 1, 0);
    assert!(count(0, 0) && count(0, SECOND - 1));
    assert!(!count(1, 0), "of another generation");
    assert!(!count(0, SECOND), "of the next bucket");
    assert!(!count(0, SECOND.wrapping_neg()), "of an earlier bucket");
    assert_eq!(core.snapshot(0).calls, 4);

    // Through a permit, while somebody holds the lock.
    let permit = core.try_acquire(0).unwrap();
    let kept = lock(&core.kept);
    permit.record(Outcome::Success, 0);
    drop(kept);
    assert_eq!(core.snapshot(0).calls, 5);

    // A bucket that has just begun has to be looked at first.
    calls(&core, Outcome::Failure, 1, SECOND);
    assert!(count(0, SECOND));
    core.snapshot(2 * SECOND);
    assert!(!count(0, 2 * SECOND));
    calls(&core, Outcome::Success, 1, 2 * SECOND);
    assert!(count(0, 2 * SECOND));
    assert_eq!(core.snapshot(2 * SECOND).calls, 9);

    core.reset(2 * SECOND);
    assert!(!count(0, 2 * SECOND) && !count(1, 2 * SECOND));
}

/// How often each of these results asks for the time.
fn asked(policy: BreakerPolicy, results: &[Outcome]) -> Vec<u32> {
    let core = core(policy);
    let asked = |result: &Outcome| {
        let asked = Cell::new(0);
        let now = || {
            asked.set(asked.get() + 1);
            SECOND
        };
        core.try_acquire(now).unwrap().record(*result, now);
        asked.get()
    };
    results.iter().map(asked).collect()
}

#[test]
fn the_time_is_asked_for_only_where_it_matters() {
    use Outcome::{Failure, Success};
    let in_a_row = BreakerPolicy::new().with_failure_threshold(2);
    let calls = BreakerPolicy::new()
        .with_failure_rate(0.5)
        .with_window(Window::Calls(4));
    let time = calls.with_window(Window::Time(Duration::from_secs(10)));
    let timed = calls.with_slow_call(Duration::from_secs(1));
    let results = [Success, Failure, Success, Failure];
    // It opens at the last but for the first, where no two failures are in a row.
    assert_eq!(asked(in_a_row, &results), [0, 0, 0, 0]);
    assert_eq!(asked(calls, &results), [0, 0, 0, 1]);
    assert_eq!(asked(time, &results), [1, 1, 1, 1]);
    assert_eq!(asked(timed, &results), [2, 2, 2, 2]);
    assert_eq!(asked(in_a_row, &[Failure, Failure]), [0, 1]);
}
