//! What the breaker promises, promise by promise.
#![cfg(not(loom))]

#[path = "breaker_promises/control.rs"]
mod control;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use wait_or_die::breaker::{Cause, Core, Outcome, Permit, Seams, State, Transition};
use wait_or_die::{BreakerPolicy, OnCancel, Verdict, Window};

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const DAY: u64 = 86_400 * SECOND;

/// What a dropped permit sees; every test starts from here.
const DROPPED: u64 = 7 * SECOND;

fn new(policy: BreakerPolicy) -> Arc<Core> {
    at(policy, 0)
}

fn at(policy: BreakerPolicy, now: u64) -> Arc<Core> {
    let seams = Seams::new(|| DROPPED, || 0.5);
    Arc::new(Core::new(policy, seams, now).unwrap())
}

fn threshold(failures: u32) -> BreakerPolicy {
    BreakerPolicy::new().with_failure_threshold(failures)
}

fn rated(window: Window) -> BreakerPolicy {
    BreakerPolicy::new()
        .with_failure_rate(0.5)
        .with_window(window)
        .with_minimum_calls(4)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn call(core: &Core, outcome: Outcome, now: u64) {
    core.try_acquire(now).unwrap().record(outcome, now);
}

fn calls(core: &Core, outcome: Outcome, times: u32, now: u64) {
    for _ in 0..times {
        call(core, outcome, now);
    }
}

/// Opened at `now` by one failure.
fn opened(policy: BreakerPolicy) -> Arc<Core> {
    let core = new(policy.with_failure_threshold(1));
    call(&core, Outcome::Failure, 0);
    core
}

fn told(core: &Core) -> Arc<Mutex<Vec<Transition>>> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&told);
    core.listen(move |transition| list.lock().unwrap().push(*transition));
    told
}

fn states(told: &Mutex<Vec<Transition>>) -> Vec<State> {
    told.lock().unwrap().iter().map(|each| each.to).collect()
}

#[test]
fn promise_1_windows_slide() {
    let core = new(rated(Window::Calls(10))
        .with_minimum_calls(10)
        .with_failure_rate(0.9));
    calls(&core, Outcome::Failure, 5, 0);
    for success in 1..=10 {
        call(&core, Outcome::Success, 0);
        let seen = core.snapshot(0);
        let failures = 10_u64.saturating_sub(success).min(5);
        assert_eq!(
            (seen.calls, seen.failures),
            ((5 + success).min(10), failures)
        );
    }

    let core = new(rated(Window::Time(seconds(10))).with_failure_rate(1.0));
    for second in 0..40 {
        call(&core, Outcome::Success, second * SECOND);
        let seen = core.snapshot(second * SECOND);
        // The last 10 s, and no more than a tenth beyond.
        let (least, most) = ((second + 1).min(11), (second + 1).min(12));
        assert!((least..=most).contains(&seen.calls), "{second} s");
    }
}

#[test]
fn promise_2_late_results_change_nothing() {
    let core = new(threshold(2)
        .with_half_open_calls(2)
        .with_success_threshold(2));
    let late: Vec<_> = (0..4).map(|_| core.try_acquire(0).unwrap()).collect();
    calls(&core, Outcome::Failure, 2, 0);
    let probe = core.try_acquire(MINUTE).unwrap();
    assert_eq!(core.state(), State::HalfOpen);
    let before = core.snapshot(MINUTE);
    for (permit, outcome) in late.into_iter().zip([
        Outcome::Success,
        Outcome::Success,
        Outcome::Failure,
        Outcome::Ignore,
    ]) {
        permit.record(outcome, MINUTE);
    }
    assert_eq!(core.snapshot(MINUTE), before);
    probe.record(Outcome::Failure, MINUTE);
    assert_eq!(core.state(), State::Open);

    // Nor does a probe of an earlier half-open state, whatever its ticket.
    let first = core.try_acquire(2 * MINUTE).unwrap();
    let second = core.try_acquire(2 * MINUTE).unwrap();
    first.record(Outcome::Failure, 2 * MINUTE);
    let _probes = [core.try_acquire(3 * MINUTE), core.try_acquire(3 * MINUTE)];
    drop(second);
    assert_eq!(core.snapshot(3 * MINUTE).probes, 2);
}

#[test]
fn promise_3_probes_are_capped_and_give_their_places_back() {
    let core = opened(BreakerPolicy::new().with_half_open_calls(3));
    let mut probes: Vec<_> = (0..3).map(|_| core.try_acquire(MINUTE).unwrap()).collect();
    assert!(probes.iter().all(Permit::is_probe));
    assert!(probes.iter().all(|probe| probe.generation() == 2));
    let refusal = core.try_acquire(MINUTE).unwrap_err();
    assert_eq!(
        (refusal.state, refusal.retry_in),
        (State::HalfOpen, Some(seconds(60)))
    );

    // Dropped, panicking, ignored, forgotten.
    drop(probes.pop());
    probes.push(core.try_acquire(MINUTE).unwrap());
    let panicking = probes.pop();
    let panic = catch_unwind(AssertUnwindSafe(|| {
        let _permit = panicking;
        panic!("of the call");
    }));
    assert!(panic.is_err());
    probes.push(core.try_acquire(MINUTE).unwrap());
    probes.pop().unwrap().record(Outcome::Ignore, MINUTE);
    probes.push(core.try_acquire(MINUTE).unwrap());
    probes.into_iter().for_each(std::mem::forget);
    assert!(core.try_acquire(2 * MINUTE - 1).is_err());
    let probe = core.try_acquire(2 * MINUTE).unwrap();
    probe.record(Outcome::Success, 2 * MINUTE);
    assert_eq!(core.state(), State::Closed);
}

#[test]
fn promise_3_a_lease_lasts_as_long_as_the_call_may() {
    let short = BreakerPolicy::new().with_recovery_timeout(seconds(1));
    for (bound, lease) in [(0, 10), (5, 10), (300, 300)] {
        let core = opened(short);
        let probe = Permit::acquire(&*core, seconds(bound), SECOND).unwrap();
        let over = SECOND + lease * SECOND;
        assert!(core.try_acquire(over - 1).is_err());
        let next = core.try_acquire(over).unwrap();
        assert_eq!(core.snapshot(over).probes, 1);
        // The first one has lost its place, not its voice.
        probe.record(Outcome::Success, over);
        assert_eq!(core.state(), State::Closed);
        drop(next);
    }
}

#[test]
fn promise_4_a_cancelled_call_is_neutral_unless_it_is_to_fail() {
    let core = new(threshold(1));
    drop(core.try_acquire(0).unwrap());
    core.try_acquire(0).unwrap().cancel(0);
    assert_eq!(
        (core.state(), core.snapshot(0).generation),
        (State::Closed, 0)
    );

    let core = new(threshold(2).with_on_cancel(OnCancel::Failure));
    core.try_acquire(0).unwrap().cancel(0);
    drop(core.try_acquire(0).unwrap());
    assert_eq!(core.state(), State::Open);
    // The dropped one read the clock that it was given.
    assert_eq!(core.snapshot(DROPPED).retry_in, Some(seconds(60)));
    // The cancelled one was told the time.
    let probe = core.try_acquire(DROPPED + MINUTE).unwrap();
    probe.cancel(2 * MINUTE);
    assert_eq!(core.state(), State::Open);
    assert_eq!(core.snapshot(2 * MINUTE).retry_in, Some(seconds(60)));

    for (verdict, outcome) in [
        (Verdict::Transient, Outcome::Failure),
        (Verdict::Fault, Outcome::Failure),
        (Verdict::Permanent, Outcome::Success),
        (Verdict::Throttled(None), Outcome::Ignore),
        (Verdict::Ignore, Outcome::Ignore),
    ] {
        assert_eq!(Outcome::from(verdict), outcome);
    }
}

#[test]
fn promise_5_a_rejection_carries_the_time_until_a_probe() {
    let core = opened(BreakerPolicy::new());
    for second in [0, 1, 59] {
        let refusal = core.try_acquire(second * SECOND).unwrap_err();
        assert_eq!(
            (refusal.state, refusal.retry_in),
            (State::Open, Some(seconds(60 - second)))
        );
        assert_eq!(refusal.to_string(), "the circuit breaker is open");
    }
    core.force_open(0);
    let refusal = core.try_acquire(DAY).unwrap_err();
    assert_eq!((refusal.state, refusal.retry_in), (State::ForcedOpen, None));
}

#[test]
fn promise_6_ignore_is_neither_and_returns_the_place() {
    for policy in [
        threshold(2),
        rated(Window::Calls(4)),
        rated(Window::Time(seconds(9))),
    ] {
        let core = new(policy);
        call(&core, Outcome::Failure, 0);
        let before = core.snapshot(0);
        calls(&core, Outcome::Ignore, 20, 0);
        assert_eq!(core.snapshot(0), before);
    }
    let core = opened(BreakerPolicy::new());
    calls(&core, Outcome::Ignore, 20, MINUTE);
    let seen = core.snapshot(MINUTE);
    assert_eq!(
        (seen.state, seen.calls, seen.probes),
        (State::HalfOpen, 0, 0)
    );
}

#[test]
fn what_is_printed_of_a_breaker_and_a_permit_tells_their_generation() {
    let core = opened(BreakerPolicy::new());
    assert_eq!(
        format!("{core:?}"),
        "Core { state: Open, generation: 1, .. }"
    );
    let probe = core.try_acquire(MINUTE).unwrap();
    assert_eq!(
        format!("{probe:?}"),
        "Permit { generation: 2, is_probe: true, .. }"
    );
    probe.record(Outcome::Success, MINUTE);
    let permit = core.try_acquire(MINUTE).unwrap();
    assert!(!permit.is_probe());
    assert_eq!(permit.generation(), 3);
}
