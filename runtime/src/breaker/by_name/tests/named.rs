//! Breakers with a name: what only the engine sees of them.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::sync::{Arc, Mutex};

use super::lines::Lines;
use crate::breaker::by_name::family::Family;
use crate::breaker::by_name::guard::Watch;
use crate::breaker::by_name::named::{Named, RejectedCall, ticks_at};
use crate::breaker::by_name::registry::{Breakers, Effective};
use crate::breaker::by_name::site::BreakerSite;
use crate::breaker::{Outcome, Permit, Place, State};
use crate::{BreakerPolicy, SafeText, TraceId, clock};

pub(super) const PLACE: Place = Place::new("a.rs", 1);
const OTHER: Place = Place::new("b.rs", 2);
const DAY: Duration = Duration::from_secs(86_400);

pub(super) const fn threshold(failures: u32) -> BreakerPolicy {
    BreakerPolicy::new().with_failure_threshold(failures)
}

pub(super) fn named(policy: BreakerPolicy) -> Arc<Named> {
    Family::of_one("named".into(), policy).0
}

pub(super) fn fail(named: &Named) {
    named
        .core()
        .try_acquire(0)
        .unwrap()
        .record(Outcome::Failure, 0);
}

pub(super) fn failures(named: &Named) -> u32 {
    named.core().snapshot(0).consecutive_failures
}

#[test]
fn ticks_are_nanoseconds_and_may_lie_before_the_first() {
    let now = clock::now();
    let first = ticks_at(now);
    assert_eq!(ticks_at(now + DAY).wrapping_sub(first), 86_400_000_000_000);
    let before = now.checked_sub(DAY).unwrap();
    assert_eq!(first.wrapping_sub(ticks_at(before)), 86_400_000_000_000);
}

#[test]
fn a_site_finds_its_breaker_once() {
    static DECLARES: BreakerSite =
        BreakerSite::new("unit.site", "a.rs", 1).with_policy(threshold(2));
    static JOINS: BreakerSite = BreakerSite::new("unit.site", "b.rs", 2);
    static DIFFERS: BreakerSite =
        BreakerSite::new("unit.site", "c.rs", 3).with_policy(threshold(3));
    static WRONG: BreakerSite = BreakerSite::new("unit.wrong", "d.rs", 4).with_policy(threshold(0));

    let named = DECLARES.single().unwrap();
    assert!(core::ptr::eq(named, DECLARES.single().unwrap()));
    assert!(core::ptr::eq(named, JOINS.single().unwrap()));
    assert_eq!(named.core().policy(), threshold(2));
    for _ in 0..2 {
        assert_eq!(
            DIFFERS.single().unwrap_err().to_string(),
            "circuit breaker `unit.site` is declared at a.rs:1 and, differently, at c.rs:3: `failure_threshold` is 2 \
             and 3; write the same settings in both places, or `name` alone in one of them"
        );
        assert_eq!(
            WRONG.single().unwrap_err().to_string(),
            "circuit breaker `unit.wrong` at d.rs:4: `failure_threshold` must be at least 1; write the number of \
             failures in a row that open the breaker, such as 5"
        );
    }
    assert!(DIFFERS.keyed(&7).is_err());
    assert!(crate::Breaker::find("unit.wrong").is_none());

    let seven = DECLARES.keyed(&7).unwrap();
    assert!(Arc::ptr_eq(&seven, &JOINS.keyed(&"7").unwrap()));
    assert!(!Arc::ptr_eq(&seven, &JOINS.keyed(&8).unwrap()));
}

#[test]
fn a_conflict_is_found_and_told_once() {
    static FIRST: BreakerSite = BreakerSite::new("unit.told", "a.rs", 1).with_policy(threshold(2));
    static SECOND: BreakerSite = BreakerSite::new("unit.told", "b.rs", 2).with_policy(threshold(3));
    let lines = Lines::listen();
    FIRST.single().unwrap();
    for _ in 0..2 {
        assert!(SECOND.single().is_err() && SECOND.keyed(&1).is_err());
    }
    let line = "ERROR wait_or_die message=settings in conflict breaker=unit.told file=b.rs line=2 error=circuit breaker \
                `unit.told` is declared at a.rs:1 and, differently, at b.rs:2: `failure_threshold` is 2 and 3; write \
                the same settings in both places, or `name` alone in one of them";
    assert_eq!(lines.take(), [line]);
    #[cfg(feature = "test-util")]
    for _ in 0..2 {
        // Each scope has names of its own, and finds out for itself.
        let _scope = crate::testing::scope(1);
        assert!(SECOND.single().is_ok());
        assert!(FIRST.single().is_err() && FIRST.keyed(&1).is_err());
        assert_eq!(lines.take().len(), 1);
    }
}

#[test]
fn the_first_declaration_takes_over_and_keeps_the_counts() {
    let breakers = Breakers::new();
    let family = breakers.family("late".into());
    let (single, keyed) = (family.single(), family.keyed(&1));
    fail(single);
    fail(&keyed);
    assert_eq!(single.core().policy(), BreakerPolicy::DEFAULT);
    assert_eq!(family.declared_at(), None);

    breakers
        .declare("late".into(), threshold(2), PLACE)
        .unwrap();
    assert_eq!(family.declared_at(), Some(PLACE));
    for named in [single, &keyed, &family.keyed(&2)] {
        assert_eq!(named.core().policy(), threshold(2));
    }
    assert_eq!((failures(single), failures(&keyed)), (1, 1));
    fail(single);
    assert_eq!(single.core().state(), State::Open);
    assert_eq!(keyed.core().state(), State::Closed);
}

#[test]
fn what_was_declared_is_compared_not_what_holds() {
    let breakers = Breakers::new();
    let family = breakers
        .declare("name".into(), threshold(2), PLACE)
        .unwrap();
    family.single().core().reconfigure(threshold(9), 0).unwrap();
    breakers
        .declare("name".into(), threshold(2), OTHER)
        .unwrap();
    assert_eq!(family.single().core().policy(), threshold(9));
    let conflict = breakers
        .declare("name".into(), threshold(9), OTHER)
        .unwrap_err();
    assert_eq!(
        (conflict.first_place(), conflict.place()),
        (Some(PLACE), OTHER)
    );
    // What has been left to its default is the same as what says so.
    let rate = BreakerPolicy::new().with_failure_rate(0.5);
    breakers.declare("rate".into(), rate, PLACE).unwrap();
    let written = rate
        .with_window(crate::Window::Calls(100))
        .with_minimum_calls(10);
    assert!(breakers.declare("rate".into(), written, OTHER).is_ok());
}

#[test]
fn every_setting_that_differs_is_named() {
    let breakers = Breakers::new();
    let first = threshold(5);
    let second = BreakerPolicy::new()
        .with_failure_rate(0.25)
        .with_window(crate::Window::Time(Duration::from_secs(10)))
        .with_minimum_calls(20)
        .with_slow_call(Duration::from_secs(4))
        .with_recovery_timeout(Duration::from_millis(1500))
        .with_max_recovery_timeout(Duration::from_secs(90))
        .with_half_open_calls(4)
        .with_on_cancel(crate::OnCancel::Failure);
    breakers.declare("all".into(), first, PLACE).unwrap();
    assert_eq!(
        breakers
            .declare("all".into(), second, OTHER)
            .unwrap_err()
            .to_string(),
        "circuit breaker `all` is declared at a.rs:1 and, differently, at b.rs:2: `failure_threshold` is 5 and none, \
         `failure_rate` is none and 0.25, `window` is none and 10s, `minimum_calls` is none and 20, `slow_call` is \
         none and 4s, `slow_call_rate` is none and 0.5, `recovery_timeout` is 60s and 1.5s, `max_recovery_timeout` is \
         none and 90s, `success_threshold` is 1 and none, `half_open_calls` is 1 and 4, `on_cancel` is ignore and \
         failure; write the same settings in both places, or `name` alone in one of them"
    );
}

#[test]
fn settings_of_the_running_program_go_over_the_declared_ones() {
    let breakers = Breakers::new();
    let known = breakers
        .declare("known".into(), threshold(2), PLACE)
        .unwrap();
    let other = breakers
        .declare("other".into(), threshold(3), PLACE)
        .unwrap();
    other.single().core().force_open(0);
    fail(known.single());
    let seen: Arc<Mutex<Vec<(String, BreakerPolicy)>>> = Arc::default();
    let list = Arc::clone(&seen);
    breakers.override_settings(
        1,
        Some(Arc::new(move |name, declared| {
            list.lock()
                .unwrap()
                .push((name.clone().into_owned(), *declared));
            let policy = match &*name {
                "known" => threshold(7),
                "late" => declared.with_half_open_calls(3),
                "broken" => threshold(0),
                _ => return None,
            };
            let enabled = name != "late";
            Some(Effective { policy, enabled })
        })),
    );
    assert_eq!(known.single().core().policy(), threshold(7));
    assert_eq!(failures(known.single()), 1);
    assert_eq!(other.single().core().state(), State::ForcedOpen);
    // Names that come later, and what is declared for them.
    let late = breakers.family("late".into());
    assert_eq!(late.single().core().state(), State::Disabled);
    breakers
        .declare("late".into(), threshold(4), PLACE)
        .unwrap();
    assert_eq!(
        late.keyed(&1).core().policy(),
        threshold(4).with_half_open_calls(3)
    );
    assert_eq!(late.keyed(&2).core().state(), State::Disabled);
    let broken = breakers
        .declare("broken".into(), threshold(6), PLACE)
        .unwrap();
    assert_eq!(broken.single().core().policy(), threshold(6));
    assert_eq!(
        *seen.lock().unwrap(),
        [
            ("known".to_owned(), threshold(2)),
            ("other".to_owned(), threshold(3)),
            ("late".to_owned(), BreakerPolicy::DEFAULT),
            ("late".to_owned(), threshold(4)),
            ("late".to_owned(), threshold(4)),
            ("broken".to_owned(), threshold(6)),
            ("broken".to_owned(), threshold(6)),
        ]
    );

    breakers.override_settings(2, None);
    assert_eq!(known.single().core().policy(), threshold(2));
    assert_eq!(late.single().core().policy(), threshold(4));
    assert_eq!(late.single().core().state(), State::Closed);
    assert_eq!(other.single().core().state(), State::ForcedOpen);
}

/// How many of three who wait are woken by `act`.
fn woken(named: &Named, act: impl FnOnce()) -> usize {
    let mut context = Context::from_waker(Waker::noop());
    // What was meant for one and found nobody.
    while pin!(named.wake().notified()).poll(&mut context).is_ready() {}
    let mut waiting = [(); 3].map(|()| Box::pin(named.wake().notified()));
    for each in &mut waiting {
        assert!(each.as_mut().poll(&mut context).is_pending());
    }
    act();
    let polled = waiting
        .iter_mut()
        .map(|each| each.as_mut().poll(&mut context));
    polled.filter(Poll::is_ready).count()
}

#[test]
fn all_are_woken_by_changes_and_one_by_a_free_place() {
    let policy = threshold(1)
        .with_success_threshold(9)
        .with_half_open_calls(2);
    let named = named(policy);
    let core = named.core();
    let opened = core.try_acquire(0).unwrap();
    assert_eq!(woken(&named, || opened.record(Outcome::Failure, 0)), 3);
    assert_eq!(woken(&named, || assert!(core.try_acquire(0).is_err())), 0);
    let later = 60_000_000_000;
    let probe = || core.try_acquire(later).unwrap();
    let mut first = None;
    assert_eq!(woken(&named, || first = Some(probe())), 0);
    assert_eq!(core.state(), State::HalfOpen);
    assert_eq!(woken(&named, || drop(first.take())), 1);
    for outcome in [Outcome::Success, Outcome::Ignore] {
        let probe = probe();
        assert_eq!(woken(&named, || probe.record(outcome, later)), 1);
    }
    let more = policy.with_half_open_calls(3);
    assert_eq!(woken(&named, || named.reconfigure(more).unwrap()), 3);
    let probe = probe();
    assert_eq!(
        woken(&named, || probe.record(Outcome::Failure, later)),
        3,
        "reopened"
    );
    // In rate mode a result takes the place of the call that brought it.
    let rate = BreakerPolicy::new()
        .with_failure_rate(0.5)
        .with_half_open_calls(2);
    named.reconfigure(rate).unwrap();
    let (first, second) = {
        let later = later * 3;
        (
            core.try_acquire(later).unwrap(),
            core.try_acquire(later).unwrap(),
        )
    };
    assert_eq!(woken(&named, || first.record(Outcome::Success, later)), 0);
    assert_eq!(woken(&named, || second.record(Outcome::Success, later)), 3);
    assert_eq!(core.state(), State::Closed);
}

#[test]
fn a_listener_that_takes_its_time_holds_up_nobody_who_waits() {
    let named = named(threshold(1));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (list, own) = (Arc::clone(&seen), Arc::downgrade(&named));
    named.core().listen(move |transition| {
        if transition.to == State::Open {
            // Told when this one has returned.
            let named = own.upgrade().unwrap();
            let woken = woken(&named, || named.core().force_closed(0));
            list.lock().unwrap().push(woken);
        }
    });
    fail(&named);
    assert_eq!(*seen.lock().unwrap(), [3]);
}

#[test]
fn a_watch_that_is_not_told_of_a_return_records_a_failure() {
    let named = named(threshold(9));
    let mut permit = Some(Permit::acquire(named.core(), Duration::ZERO, 0).unwrap());
    Watch::new(&mut permit, || 0).returned();
    assert!(permit.is_some());
    assert_eq!(failures(&named), 0);
    drop(Watch::new(&mut permit, || 0));
    assert!(permit.is_none());
    assert_eq!(failures(&named), 1);
}

#[test]
fn a_rejection_says_what_the_call_says_of_itself() {
    let named = named(threshold(1));
    fail(&named);
    let refusal = named.core().try_acquire(20_000_000_000).unwrap_err();
    let lines = Lines::listen();
    let error = named.rejected(
        refusal,
        RejectedCall {
            operation: Some("app::push_page"),
            place: Some(("a.rs", 1)),
            attempts: 2,
            elapsed: Duration::from_millis(1500),
            trace_id: TraceId::from_random(7),
            last_error: Some(SafeText::from("connection reset")),
            is_news: true,
            has_waited: false,
        },
    );
    assert_eq!(
        lines.take(),
        [
            "ERROR wait_or_die message=gave up operation=app::push_page file=a.rs line=1 trace_id=.. breaker=named \
             state=open retry_in_ms=40000.0 attempts=2 reason=breaker_open elapsed_ms=1500.0 error=connection reset"
        ]
    );
    assert_eq!(
        error.to_string(),
        "`app::push_page` rejected: circuit breaker `named` is open, retry in 40s; after 2 attempts, 1.5s in all; last \
         error: connection reset; trace 00000000000000000000000000000007"
    );
    assert_eq!(
        (error.operation(), error.attempts()),
        (Some("app::push_page"), 2)
    );
    assert_eq!(error.elapsed(), Duration::from_millis(1500));
    assert_eq!(error.trace_id(), Some(TraceId::from_random(7)));
    assert_eq!(
        error.last_error().map(SafeText::as_str),
        Some("connection reset")
    );
    assert_eq!(
        (error.bound(), error.limit(), error.in_flight()),
        (None, None, false)
    );
}
