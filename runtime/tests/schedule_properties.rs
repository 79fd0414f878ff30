//! What holds for every policy: bounds, caps, growth, totals, repeatability, and no panic whatever the input.

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use wait_or_die::backoff::Backoff;
use wait_or_die::{Jitter, RetryPolicy, Strategy as Growth};

fn growths() -> impl Strategy<Value = Growth> {
    prop_oneof![
        Just(Growth::Fixed),
        Just(Growth::Linear),
        Just(Growth::Exponential),
        Just(Growth::Fibonacci)
    ]
}

fn jitters() -> impl Strategy<Value = Jitter> {
    prop_oneof![
        Just(Jitter::None),
        Just(Jitter::Full),
        Just(Jitter::Equal),
        Just(Jitter::Decorrelated)
    ]
}

/// The same cases in every run.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 1_000,
        rng_seed: RngSeed::Fixed(2015),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Any duration at all, with the ends and the small ones made likely.
fn durations() -> impl Strategy<Value = Duration> {
    prop_oneof![
        Just(Duration::ZERO),
        Just(Duration::MAX),
        (0_u64..100).prop_map(Duration::from_nanos),
        (0_u64..10_000_000).prop_map(Duration::from_millis),
        (any::<u64>(), 0_u32..1_000_000_000).prop_map(|(secs, nanos)| Duration::new(secs, nanos)),
    ]
}

/// Multipliers that `check` accepts: whole and fractional.
fn multipliers() -> impl Strategy<Value = f64> {
    prop_oneof![1.0..16.0_f64, (1_u32..1_000).prop_map(f64::from)]
}

fn retries() -> impl Strategy<Value = u32> {
    prop_oneof![1_u32..20, 1_u32..1_000, any::<u32>(), Just(u32::MAX)]
}

prop_compose! {
    /// Settings that `check` accepts.
    fn backoffs()(
        growth in growths(), jitter in jitters(), a in durations(), b in durations(), multiplier in multipliers(),
    ) -> Backoff {
        Backoff::new()
            .with_strategy(growth)
            .with_jitter(jitter)
            .with_initial_wait(a.min(b))
            .with_max_wait(a.max(b))
            .with_multiplier(multiplier)
    }
}

fn policy(backoff: &Backoff, max_retries: u32) -> RetryPolicy {
    RetryPolicy::new()
        .with_max_retries(max_retries)
        .with_strategy(backoff.strategy())
        .with_jitter(backoff.jitter())
        .with_initial_wait(backoff.initial_wait())
        .with_max_wait(backoff.max_wait())
        .with_multiplier(backoff.multiplier())
}

/// The waits of a call that draws these numbers.
fn waits(backoff: &Backoff, draws: &[f64]) -> Vec<Duration> {
    let mut previous = backoff.initial_wait();
    (1..)
        .zip(draws)
        .map(|(retry, draw)| {
            previous = backoff.wait(retry, previous, *draw);
            previous
        })
        .collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn terms_start_at_the_initial_wait_never_shrink_and_stay_below_the_cap(backoff in backoffs(), retry in retries()) {
        let (term, next) = (backoff.term(retry), backoff.term(retry.saturating_add(1)));
        prop_assert_eq!(backoff.term(1), backoff.initial_wait());
        prop_assert!(backoff.initial_wait() <= term);
        prop_assert!(term <= next);
        prop_assert!(next <= backoff.max_wait());
    }

    #[test]
    fn each_jitter_stays_within_its_own_bounds(
        backoff in backoffs(), retry in retries(), previous in durations(), draw in 0.0..=1.0_f64,
    ) {
        let wait = backoff.wait(retry, previous, draw);
        let term = backoff.term(retry);
        let (min, max) = match backoff.jitter() {
            Jitter::None => (term, term),
            Jitter::Full => (Duration::ZERO, term),
            Jitter::Equal => (term / 2, term),
            Jitter::Decorrelated => {
                let longest = previous.saturating_mul(3).min(backoff.max_wait());
                (backoff.initial_wait(), longest.max(backoff.initial_wait()))
            }
            other => unreachable!("a jitter without bounds here: {other}"),
        };
        prop_assert!(min <= wait && wait <= max, "{wait:?} is not in {min:?} to {max:?}");
        prop_assert!(wait <= backoff.max_wait());
    }

    #[test]
    fn a_greater_draw_never_waits_less(
        backoff in backoffs(), retry in retries(), previous in durations(), a in 0.0..=1.0_f64, b in 0.0..=1.0_f64,
    ) {
        let (less, more) = (a.min(b), a.max(b));
        prop_assert!(backoff.wait(retry, previous, less) <= backoff.wait(retry, previous, more));
    }

    #[test]
    fn waits_of_a_call_lie_within_its_schedule_and_the_extremes_are_reached(
        backoff in backoffs(), draws in prop::collection::vec(0.0..=1.0_f64, 1..60),
    ) {
        let count = u32::try_from(draws.len()).unwrap();
        let schedule = policy(&backoff, count).schedule();
        for (wait, listed) in waits(&backoff, &draws).iter().zip(schedule.clone()) {
            prop_assert!(listed.min <= *wait && *wait <= listed.max, "{wait:?} is not in {listed:?}");
        }
        let longest: Vec<_> = schedule.clone().map(|listed| listed.max).collect();
        prop_assert_eq!(waits(&backoff, &vec![1.0; draws.len()]), longest);
        let shortest: Vec<_> = schedule.map(|listed| listed.min).collect();
        prop_assert_eq!(waits(&backoff, &vec![0.0; draws.len()]), shortest);
    }

    #[test]
    fn a_wait_depends_on_its_arguments_alone(
        backoff in backoffs(), arguments in prop::collection::vec((retries(), durations(), 0.0..=1.0_f64), 1..20),
    ) {
        let wait = |&(retry, previous, draw): &(u32, Duration, f64)| backoff.wait(retry, previous, draw);
        let forwards: Vec<_> = arguments.iter().map(wait).collect();
        let mut backwards: Vec<_> = arguments.iter().rev().map(wait).collect();
        backwards.reverse();
        prop_assert_eq!(forwards, backwards);
    }

    #[test]
    fn totals_are_the_sums_of_the_waits(backoff in backoffs(), max_retries in 0_u32..250, skip in 0_usize..20) {
        let mut schedule = policy(&backoff, max_retries).schedule();
        if skip > 0 {
            schedule.nth(skip - 1);
        }
        let add = |sum: Duration, wait| sum.saturating_add(wait);
        prop_assert_eq!(schedule.min_total(), schedule.clone().map(|wait| wait.min).fold(Duration::ZERO, add));
        prop_assert_eq!(schedule.max_total(), schedule.clone().map(|wait| wait.max).fold(Duration::ZERO, add));
        prop_assert_eq!(schedule.size_hint().0, schedule.count());
    }

    #[test]
    fn totals_by_formula_agree_with_the_sums_to_a_nanosecond_per_wait(
        growth in prop_oneof![Just(Growth::Linear), Just(Growth::Exponential)], jitter in jitters(),
        initial in 1_u64..1_000_000_000, excess in 1e-9..1e-3_f64, max_retries in 257_u32..5_000, cap in 1_u64..100_000,
    ) {
        let initial = Duration::from_nanos(initial);
        let backoff = Backoff::new()
            .with_strategy(growth)
            .with_jitter(jitter)
            .with_initial_wait(initial)
            .with_max_wait(initial.saturating_mul(u32::try_from(cap).unwrap()))
            .with_multiplier(1.0 + excess);
        let schedule = policy(&backoff, max_retries).schedule();
        for (total, sum) in [
            (schedule.min_total(), schedule.clone().map(|wait| wait.min).sum::<Duration>()),
            (schedule.max_total(), schedule.clone().map(|wait| wait.max).sum::<Duration>()),
        ] {
            let allowed = Duration::from_nanos(u64::from(max_retries)) + sum.mul_f64(1e-9);
            prop_assert!(total.abs_diff(sum) <= allowed, "{total:?} for a sum of {sum:?}");
        }
    }

    #[test]
    fn the_retries_that_fit_are_the_longest_prefix_below_the_timeout(
        backoff in backoffs(), max_retries in 0_u32..100, timeout in durations(),
    ) {
        let schedule = policy(&backoff, max_retries).with_timeout(timeout).schedule();
        let fitting = |waits: Vec<Duration>| {
            let mut sum = Duration::ZERO;
            let fits = waits.iter().take_while(|wait| {
                sum = sum.saturating_add(**wait);
                sum < timeout
            });
            u32::try_from(fits.count()).unwrap()
        };
        prop_assert_eq!(schedule.possible_retries(), fitting(schedule.clone().map(|wait| wait.min).collect()));
        prop_assert_eq!(schedule.certain_retries(), fitting(schedule.clone().map(|wait| wait.max).collect()));
    }

    #[test]
    fn nothing_panics_whatever_the_input(
        growth in growths(), jitter in jitters(), initial in durations(), cap in durations(), multiplier: f64,
        retry: u32, previous in durations(), draw: f64, timeout in durations(),
    ) {
        let backoff = Backoff::new()
            .with_strategy(growth)
            .with_jitter(jitter)
            .with_initial_wait(initial)
            .with_max_wait(cap)
            .with_multiplier(multiplier);
        prop_assert!(backoff.wait(retry, previous, draw) <= cap);
        prop_assert!(backoff.shape(previous, draw) <= cap);
        prop_assert!(backoff.bounds(retry).0 <= backoff.bounds(retry).1);
        let schedule = policy(&backoff, retry).with_timeout(timeout).schedule();
        prop_assert!(schedule.min_total() <= schedule.max_total());
        prop_assert!(schedule.certain_retries() <= schedule.possible_retries());
        prop_assert!(schedule.to_string().lines().count() <= 27);
        let accepted = policy(&backoff, retry).with_timeout(timeout).check().is_ok();
        let sound = !timeout.is_zero() && initial <= timeout && initial <= cap && (1.0..f64::INFINITY).contains(&multiplier);
        prop_assert_eq!(accepted, sound);
    }
}
