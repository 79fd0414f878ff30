//! The pure parts, and the ways round the lock.

mod fast;

use core::time::Duration;

use super::recovery::{lease, longest, open_for};
use super::ticks::{Span, age, ticks};
use super::types::{Cause, State};
use super::word::{self, Word};
use crate::policy::{BreakerPolicy, OnCancel};

const STATES: [State; 6] = [
    State::Closed,
    State::Open,
    State::HalfOpen,
    State::ForcedOpen,
    State::ForcedClosed,
    State::Disabled,
];

#[test]
fn the_word_keeps_its_parts_apart() {
    let policy = BreakerPolicy::new()
        .with_failure_rate(0.5)
        .with_slow_call(Duration::from_secs(1))
        .with_on_cancel(OnCancel::Failure);
    for policy in [BreakerPolicy::new(), policy] {
        let first = Word::new(&policy);
        for (turn, state) in (1..).zip(STATES) {
            let word = (0..turn).fold(first, |word, _| word.moved(state));
            assert_eq!(
                (word.state(), word.generation(), word.failures()),
                (state, turn, 0)
            );
            let failed = word.with_failures(u32::MAX);
            assert_eq!((failed.state(), failed.generation()), (state, turn));
            assert_eq!((failed.failures(), failed.tag()), (u32::MAX, word.tag()));
            assert_eq!(failed.moved(State::Closed).failures(), 0);
            assert_eq!(word::generation(word.tag()), turn);
            let timed = policy.slow_call().is_some();
            assert_eq!(
                (word.is_timed(), word::is_timed(word.tag())),
                (timed, timed)
            );
            assert_eq!((word.is_windowed(), word.cancel_fails()), (timed, timed));
            let waits = matches!(state, State::Open | State::HalfOpen);
            assert_eq!((word.waits(), failed.waits()), (waits, waits));
            assert_eq!(word.under(&BreakerPolicy::new()).generation(), turn);
        }
    }
}

#[test]
fn the_generation_rolls_over_into_nothing_else() {
    let last = Word(u64::from(u32::MAX) & !0b11_1111);
    assert_eq!(last.generation(), (1 << 26) - 1);
    let next = last.with_failures(7).moved(State::Open);
    assert_eq!(
        (next.generation(), next.failures(), next.state()),
        (0, 0, State::Open)
    );
}

#[test]
fn a_success_is_ignored_only_where_it_changes_nothing() {
    let policy = BreakerPolicy::new();
    let word = Word::new(&policy).moved(State::Closed);
    assert!(word.ignores_success(word.tag()));
    assert!(!word.with_failures(1).ignores_success(word.tag()));
    assert!(!word.moved(State::Closed).ignores_success(word.tag()));
    let rated = word.under(&policy.with_failure_rate(0.5));
    assert!(!rated.ignores_success(rated.tag()));
    assert!(!rated.ignores_success(word.tag()));
    for state in STATES.into_iter().skip(1) {
        let word = word.moved(state);
        assert!(!word.ignores_success(word.tag()));
        assert!(!word.passes_untimed());
    }
    let cancels = word.under(&policy.with_on_cancel(OnCancel::Failure));
    assert!(cancels.ignores_success(cancels.tag()) && cancels.passes_untimed());
}

#[test]
fn spans_end_whatever_the_clock_does() {
    for from in [0, 1_000, u64::MAX - 40] {
        let span = Span::new(from, 100);
        for (step, left) in [
            (0, 100),
            (1, 99),
            (99, 1),
            (100, 0),
            (1 << 62, 0),
            (-1, 101),
            (-100, 200),
            (-101, 100),
            (-(1 << 62), 100),
        ] {
            let mut span = span;
            assert_eq!(span.left(from.wrapping_add_signed(step)), left, "{step}");
        }
    }
    assert_eq!((age(5, 7), age(7, 5), age(u64::MAX, 1)), (2, 0, 2));
    assert_eq!(ticks(Duration::MAX), 1 << 61);
    assert_eq!(Span::new(0, ticks(Duration::MAX)).left(0), 1 << 61);
}

#[test]
fn recovery_times_stay_between_their_bounds_whatever_is_drawn() {
    let second = Duration::from_secs(1);
    let fixed = BreakerPolicy::new().with_recovery_timeout(second);
    let growing = fixed.with_max_recovery_timeout(second * 10);
    let never = || panic!("drew");
    assert_eq!(open_for(&fixed, 9, never), 1_000_000_000);
    assert_eq!(open_for(&growing, 0, never), 1_000_000_000);
    for (reopenings, draw, millis) in [
        (1, 0.0, 1_000),
        (1, 1.0, 2_000),
        (2, 0.0, 2_000),
        (2, 0.5, 3_000),
        (3, 1.0, 8_000),
        (4, 0.0, 5_000),
        (4, 1.0, 10_000),
        (u32::MAX, 1.0, 10_000),
        (2, f64::NAN, 2_000),
        (2, -1.0, 2_000),
        (2, f64::INFINITY, 4_000),
    ] {
        assert_eq!(open_for(&growing, reopenings, || draw), millis * 1_000_000);
    }
    assert_eq!(
        (longest(&fixed), longest(&growing)),
        (1_000_000_000, 10_000_000_000)
    );
    let forever = fixed.with_max_recovery_timeout(Duration::MAX);
    assert_eq!(open_for(&forever, 40, || 1.0), (1 << 31) * 1_000_000_000);
    assert_eq!(lease(&fixed, Duration::ZERO), 10_000_000_000);
    assert_eq!(lease(&fixed, second * 11), 11_000_000_000);
    let slow = fixed.with_failure_rate(0.5).with_slow_call(second * 12);
    assert_eq!(lease(&slow, second * 11), 12_000_000_000);
    assert_eq!(lease(&BreakerPolicy::new(), second), 60_000_000_000);
}

#[test]
fn states_and_causes_have_names() {
    let names = STATES.map(|state| format!("{state:>14}").trim().to_owned());
    assert_eq!(
        names,
        [
            "closed",
            "open",
            "half_open",
            "forced_open",
            "forced_closed",
            "disabled"
        ]
    );
    let causes = [
        (Cause::FailureThreshold, "failure_threshold"),
        (Cause::FailureRate, "failure_rate"),
        (Cause::SlowCallRate, "slow_call_rate"),
        (Cause::Recovery, "recovery"),
        (Cause::ProbeFailed, "probe_failed"),
        (Cause::ProbesSucceeded, "probes_succeeded"),
        (Cause::Manual, "manual"),
    ];
    for (cause, name) in causes {
        assert_eq!(cause.to_string(), name);
    }
}
