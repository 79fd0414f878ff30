//! Sequences of calls and what must come of them, as tables.
#![cfg(not(loom))]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use wait_or_die::breaker::{Cause, Core, Outcome, Permit, Seams, State};
use wait_or_die::{BreakerPolicy, Window};

const SECOND: u64 = 1_000_000_000;
const BASE: BreakerPolicy = BreakerPolicy::new();

/// Counts as many calls as it needs.
const fn counted(rate: f64, calls: u32, recovery: u64) -> BreakerPolicy {
    BASE.with_failure_rate(rate)
        .with_window(Window::Calls(calls))
        .with_minimum_calls(calls)
        .with_recovery_timeout(Duration::from_secs(recovery))
}

/// 20 s, at least 5 calls, a half of failures or of calls of 4 s; open for 5 s, then 4 results decide.
const TIMED: BreakerPolicy = BASE
    .with_failure_rate(0.5)
    .with_window(Window::Time(Duration::from_secs(20)))
    .with_minimum_calls(5)
    .with_slow_call(Duration::from_secs(4))
    .with_slow_call_rate(0.5)
    .with_half_open_calls(4)
    .with_recovery_timeout(Duration::from_secs(5));

/// A breaker, the clock, and what has been done.
struct Run<'a> {
    core: &'a Core,
    now: u64,
    executed: u32,
    held: Vec<Permit<&'a Core>>,
    causes: Arc<Mutex<Vec<Cause>>>,
}

/// | step | meaning |
/// |---|---|
/// | `S` `F` | a call that succeeds, or fails, at once |
/// | `s` `f` | the same after 4 s |
/// | `I` | a call that is ignored |
/// | `x` | a call that is refused |
/// | `+` `-` | takes a permit and keeps it; drops the first one kept |
/// | `@2.5` | 2.5 s pass |
/// | `=open` | the state |
/// | `!failure_rate` | why the state changed last |
/// | `~6/10` `%3/5` | failures, slow calls of all that are counted |
/// | `#9` | so many calls have been executed |
impl Run<'_> {
    fn step(&mut self, step: &str) {
        match step.split_at(1) {
            ("S", "") => self.call(Outcome::Success, 0),
            ("F", "") => self.call(Outcome::Failure, 0),
            ("s", "") => self.call(Outcome::Success, 4),
            ("f", "") => self.call(Outcome::Failure, 4),
            ("I", "") => self.call(Outcome::Ignore, 0),
            ("x", "") => {
                self.core.try_acquire(self.now).expect_err("a refusal");
            }
            ("+", "") => self.held.push(self.core.try_acquire(self.now).unwrap()),
            ("-", "") => self.held.remove(0).cancel(self.now),
            ("@", secs) => {
                let time = Duration::from_secs_f64(secs.parse().unwrap());
                self.now += u64::try_from(time.as_nanos()).unwrap();
            }
            ("=", state) => assert_eq!(self.core.state().as_str(), state),
            ("!", cause) => {
                let last = self.causes.lock().unwrap().last().copied();
                assert_eq!(last.map(Cause::as_str), Some(cause));
            }
            ("#", calls) => assert_eq!(self.executed.to_string(), calls),
            (sort @ ("~" | "%"), counts) => {
                let seen = self.core.snapshot(self.now);
                let part = if sort == "~" {
                    seen.failures
                } else {
                    seen.slow_calls
                };
                assert_eq!(format!("{part}/{}", seen.calls), counts);
            }
            _ => panic!("no such step: {step}"),
        }
    }

    fn call(&mut self, outcome: Outcome, secs: u64) {
        let permit = self.core.try_acquire(self.now).expect("a permit");
        self.executed += 1;
        self.now += secs * SECOND;
        permit.record(outcome, self.now);
    }
}

fn run(name: &str, policy: BreakerPolicy, steps: &str) {
    let seams = Seams::new(|| 0, || 0.0);
    let core = Core::new(policy, seams, 0).unwrap();
    let causes = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&causes);
    core.listen(move |transition| list.lock().unwrap().push(transition.cause));
    let mut run = Run {
        core: &core,
        now: 0,
        executed: 0,
        held: Vec::new(),
        causes,
    };
    for (at, step) in steps.split_whitespace().enumerate() {
        let done = std::panic::AssertUnwindSafe(|| run.step(step));
        let held = std::panic::catch_unwind(done).is_ok();
        assert!(held, "{name}: step {} of `{steps}`: {step}", at + 1);
    }
}

#[test]
fn windows_of_calls_as_long_as_their_minimum() {
    let three_quarters = counted(0.75, 4, 50);
    let two = three_quarters.with_success_threshold(2);
    let one = three_quarters.with_success_threshold(1);
    for (name, policy, steps) in [
        ("always fails", two, "F F F F x x x #4 =open"),
        (
            "a half of the first four",
            counted(0.5, 4, 50),
            "S F F S x =open",
        ),
        (
            "a half of the last four",
            counted(0.5, 4, 50),
            "S F S =closed S =closed F x",
        ),
        ("opens again", one, "S F F F x @50 S =closed S F F F x #9"),
        ("a success fills the window", one, "F F F =closed S =open x"),
        ("below the rate", one, "S F F S =closed S"),
        (
            "two successes close",
            two,
            "F F F F @50 S =half_open S =closed",
        ),
        (
            "the first failure reopens",
            two,
            "F F F F @50 S F =open !probe_failed x",
        ),
        (
            "three successes close",
            three_quarters.with_success_threshold(3),
            "F F F F x @50 S S =half_open F =open x #7",
        ),
        ("not before its time", two, "F F F F @49.999 x @0.001 S"),
    ] {
        run(name, policy, steps);
    }
}

#[test]
fn windows_of_time_with_slow_calls() {
    for (name, steps) in [
        ("too few", "F F F S =closed ~3/4"),
        (
            "a success is enough",
            "F F F S =closed S =open !failure_rate",
        ),
        ("slow calls", "f s F S =closed s =open !slow_call_rate"),
        ("fast calls", "f S S S S S =closed %1/6"),
        ("open", "F F F S S @3 x @3 + =half_open !recovery"),
        (
            "reopens at three quarters",
            "F F F S S @6 F F S =half_open F =open !failure_rate",
        ),
        (
            "closes at a quarter",
            "F F F S S @6 F S S =half_open S =closed !probes_succeeded ~0/0",
        ),
        (
            "reopens by slow calls",
            "F F F S S @6 s S s =half_open S =open !slow_call_rate",
        ),
        ("four permits", "F F F S S @6 + + + + x - + x"),
        (
            "ignored probes",
            "F F F S S @6 I I I I I I =half_open + + + + x",
        ),
        (
            "a result keeps its place",
            "F F F S S @6 S + + + x - F =half_open ~1/2",
        ),
        ("entries age", "F F F F @22.1 ~0/0 F =closed ~1/1"),
    ] {
        run(name, TIMED, steps);
    }
}

#[test]
fn an_entry_leaves_with_its_bucket() {
    let five = TIMED.with_window(Window::Time(Duration::from_secs(5)));
    for (name, steps) in [
        ("at the beginning", "F @5 ~1/1 @0.5 ~0/0"),
        ("in between", "@0.3 F @5 ~1/1 @0.5 ~0/0"),
        ("late in a bucket", "@0.4545 F @4.9999 ~1/1 @0.5001 ~0/0"),
        (
            "each in its turn",
            "F @2 F @2 F ~3/3 @1.5 ~2/2 @2 ~1/1 @2 ~0/0",
        ),
        ("after a long time", "F F @1000 S ~0/1"),
    ] {
        run(name, five, steps);
    }
}

#[test]
fn a_window_of_ten_calls_slides() {
    let policy = counted(0.61, 10, 5);
    let filled = "S S F F F F F F S S S S ~6/10";
    run("filled", policy, filled);
    run(
        "three more",
        policy,
        &format!("{filled} S S S ~3/10 =closed"),
    );
    run("all gone", policy, &format!("{filled} S S S S S S ~0/10"));
}

#[test]
fn three_failures_in_a_row() {
    let policy = BASE
        .with_failure_threshold(3)
        .with_recovery_timeout(Duration::from_secs(60));
    for (name, steps) in [
        ("opens", "F F =closed F =open !failure_threshold x x #3"),
        ("one probe", "F F F x @60 + x =half_open"),
        ("closes", "F F F @60 S =closed F F =closed F =open"),
        ("reopens", "F F F @60 F =open x @59.9 x @0.1 S =closed"),
        ("a success in between", "F F S F F S F F =closed"),
        ("ignored calls in between", "F I F I F =open"),
        ("recovery is not earlier", "F F F @59.999999999 x"),
    ] {
        run(name, policy, steps);
    }
}

#[test]
fn calls_that_are_repeated_are_counted_one_by_one() {
    let policy = counted(0.75, 4, 60);
    run("the fifth is refused", policy, "F F F F x #4");
    run("three are too few", policy, "F F F #3 =closed");
    assert_eq!(State::HalfOpen.to_string(), "half_open");
}
