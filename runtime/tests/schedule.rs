//! Waits as exact values: the strategies, every jitter, the cap, and extreme settings.

use std::time::Duration;

use wait_or_die::backoff::Backoff;
use wait_or_die::{Jitter, Strategy};

const STRATEGIES: [Strategy; 4] = [
    Strategy::Fixed,
    Strategy::Linear,
    Strategy::Exponential,
    Strategy::Fibonacci,
];
const JITTERS: [Jitter; 4] = [
    Jitter::None,
    Jitter::Full,
    Jitter::Equal,
    Jitter::Decorrelated,
];
const DAY: Duration = Duration::from_secs(86_400);

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn plain(strategy: Strategy) -> Backoff {
    Backoff::new()
        .with_strategy(strategy)
        .with_jitter(Jitter::None)
}

fn terms(backoff: &Backoff, count: u32) -> Vec<u128> {
    (1..=count)
        .map(|retry| backoff.term(retry).as_millis())
        .collect()
}

/// Waits with the same draw each time, as the engine computes them.
fn waits(backoff: &Backoff, count: u32, draw: f64) -> Vec<Duration> {
    let mut previous = backoff.initial_wait();
    (1..=count)
        .map(|retry| {
            previous = backoff.wait(retry, previous, draw);
            previous
        })
        .collect()
}

#[test]
fn the_four_strategies_from_one_second() {
    assert_eq!(
        terms(&plain(Strategy::Fixed), 5),
        [1_000, 1_000, 1_000, 1_000, 1_000]
    );
    assert_eq!(
        terms(&plain(Strategy::Linear), 5),
        [1_000, 2_000, 3_000, 4_000, 5_000]
    );
    assert_eq!(
        terms(&plain(Strategy::Exponential), 5),
        [1_000, 2_000, 4_000, 8_000, 16_000]
    );
    assert_eq!(
        terms(&plain(Strategy::Fibonacci), 5),
        [1_000, 1_000, 2_000, 3_000, 5_000]
    );
}

#[test]
fn oracle_a_fifty_milliseconds_doubling_to_twenty_seconds_with_draws_of_one() {
    let expected = [
        50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 20_000, 20_000,
    ]
    .map(millis);
    for jitter in [Jitter::None, Jitter::Full, Jitter::Equal] {
        let backoff = Backoff::new()
            .with_initial_wait(millis(50))
            .with_multiplier(2.0)
            .with_max_wait(millis(20_000))
            .with_jitter(jitter);
        assert_eq!(waits(&backoff, 11, 1.0), expected, "{jitter}");
    }
}

#[test]
fn oracle_b_constant_linear_exponential_from_one_second_clamped_by_a_maximum() {
    let table = [
        (Strategy::Fixed, [1_000, 1_000, 1_000]),
        (Strategy::Linear, [1_000, 2_000, 3_000]),
        (Strategy::Exponential, [1_000, 2_000, 4_000]),
    ];
    for (strategy, expected) in table {
        assert_eq!(terms(&plain(strategy), 3), expected, "{strategy}");
        for max_wait in [500, 1_000, 1_500, 2_500, 3_500] {
            let clamped = plain(strategy).with_max_wait(millis(max_wait));
            assert_eq!(
                terms(&clamped, 3),
                expected.map(|term| term.min(u128::from(max_wait))),
                "{strategy} below {max_wait} ms"
            );
        }
    }
}

#[test]
fn multipliers_other_than_two() {
    assert_eq!(
        terms(&plain(Strategy::Exponential).with_multiplier(1.5), 4),
        [1_000, 1_500, 2_250, 3_375]
    );
    assert_eq!(
        terms(&plain(Strategy::Exponential).with_multiplier(3.0), 4),
        [1_000, 3_000, 9_000, 27_000]
    );
    assert_eq!(
        terms(&plain(Strategy::Exponential).with_multiplier(1.0), 4),
        [1_000; 4]
    );
    for strategy in [Strategy::Fixed, Strategy::Linear, Strategy::Fibonacci] {
        assert_eq!(
            terms(&plain(strategy).with_multiplier(9.0), 4),
            terms(&plain(strategy), 4),
            "{strategy} has no multiplier"
        );
    }
}

#[test]
fn each_jitter_follows_its_formula() {
    let table = [
        (Jitter::None, [4_000, 4_000, 4_000, 4_000]),
        (Jitter::Full, [0, 1_000, 3_000, 4_000]),
        (Jitter::Equal, [2_000, 2_500, 3_500, 4_000]),
        (Jitter::Decorrelated, [1_000, 6_000, 16_000, 21_000]), // from 1 s to 3 * 7 s
    ];
    for (jitter, expected) in table {
        let backoff = Backoff::new().with_jitter(jitter);
        let got = [0.0, 0.25, 0.75, 1.0].map(|draw| backoff.wait(3, millis(7_000), draw));
        assert_eq!(got, expected.map(millis), "{jitter}");
    }
}

#[test]
fn decorrelated_jitter_starts_from_the_initial_wait_and_remembers() {
    let backoff = Backoff::new()
        .with_jitter(Jitter::Decorrelated)
        .with_max_wait(millis(30_000));
    assert_eq!(
        waits(&backoff, 5, 1.0),
        [3_000, 9_000, 27_000, 30_000, 30_000].map(millis)
    );
    assert_eq!(
        waits(&backoff, 4, 0.5),
        [2_000, 3_500, 5_750, 9_125].map(millis)
    );
    assert_eq!(waits(&backoff, 3, 0.0), [1_000; 3].map(millis));
    assert_eq!(
        backoff.wait(1, Duration::ZERO, 1.0),
        millis(1_000),
        "no room below the initial wait"
    );
}

#[test]
fn only_the_previous_wait_of_decorrelated_jitter_matters() {
    for jitter in [Jitter::None, Jitter::Full, Jitter::Equal] {
        let backoff = Backoff::new().with_jitter(jitter);
        assert_eq!(
            backoff.wait(2, Duration::ZERO, 0.5),
            backoff.wait(2, DAY, 0.5),
            "{jitter}"
        );
    }
}

#[test]
fn an_odd_nanosecond_is_not_lost_to_equal_jitter() {
    let backoff = Backoff::new()
        .with_jitter(Jitter::Equal)
        .with_initial_wait(Duration::from_nanos(7));
    let bounds = [0.0, 1.0].map(|draw| backoff.wait(1, Duration::ZERO, draw).as_nanos());
    assert_eq!(bounds, [3, 7]);
}

#[test]
fn draws_outside_zero_to_one_are_clamped_and_nan_waits_longest() {
    for jitter in JITTERS {
        let backoff = Backoff::new().with_jitter(jitter);
        let wait = |draw| backoff.wait(4, millis(2_000), draw);
        assert_eq!(wait(-0.5), wait(0.0), "{jitter}");
        assert_eq!(wait(f64::NEG_INFINITY), wait(0.0), "{jitter}");
        assert_eq!(wait(1.5), wait(1.0), "{jitter}");
        assert_eq!(wait(f64::INFINITY), wait(1.0), "{jitter}");
        assert_eq!(wait(f64::NAN), wait(1.0), "{jitter}");
    }
}

#[test]
fn the_cap_comes_after_jitter_for_every_strategy_and_jitter() {
    for strategy in STRATEGIES {
        for jitter in JITTERS {
            let backoff = Backoff::new()
                .with_strategy(strategy)
                .with_jitter(jitter)
                .with_initial_wait(millis(900))
                .with_max_wait(millis(1_000));
            let longest = waits(&backoff, 1_000, 1.0);
            let cap = if strategy == Strategy::Fixed && jitter != Jitter::Decorrelated {
                900
            } else {
                1_000
            };
            assert_eq!(longest[999], millis(cap), "{strategy} {jitter}");
            assert!(
                longest.iter().all(|wait| *wait <= millis(1_000)),
                "{strategy} {jitter}"
            );
        }
    }
}

#[test]
fn a_cap_below_the_initial_wait_still_caps() {
    for strategy in STRATEGIES {
        for jitter in JITTERS {
            let backoff = Backoff::new()
                .with_strategy(strategy)
                .with_jitter(jitter)
                .with_max_wait(millis(10));
            assert_eq!(
                waits(&backoff, 3, 1.0),
                [millis(10); 3],
                "{strategy} {jitter}"
            );
        }
    }
}

#[test]
fn an_initial_wait_of_zero_never_waits() {
    for strategy in STRATEGIES {
        for jitter in JITTERS {
            let backoff = Backoff::new()
                .with_strategy(strategy)
                .with_jitter(jitter)
                .with_initial_wait(Duration::ZERO);
            assert_eq!(
                waits(&backoff, 200, 1.0),
                [Duration::ZERO; 200],
                "{strategy} {jitter}"
            );
        }
    }
}

#[test]
fn late_retries_and_huge_bases_end_at_the_cap() {
    for strategy in [Strategy::Linear, Strategy::Exponential, Strategy::Fibonacci] {
        for retry in [1_000, u32::MAX] {
            for base in [DAY, Duration::MAX] {
                let backoff = plain(strategy)
                    .with_initial_wait(base)
                    .with_max_wait(DAY * 365);
                assert_eq!(backoff.term(retry), DAY * 365, "{strategy}");
                let uncapped = backoff.with_max_wait(Duration::MAX).term(retry);
                assert!(
                    uncapped >= DAY * 1_000,
                    "{strategy} must not wrap around: {uncapped:?}"
                );
            }
        }
    }
    assert_eq!(
        plain(Strategy::Fixed)
            .with_initial_wait(DAY)
            .with_max_wait(DAY)
            .term(u32::MAX),
        DAY
    );
    assert_eq!(
        plain(Strategy::Linear)
            .with_initial_wait(DAY)
            .with_max_wait(Duration::MAX)
            .term(1_000),
        DAY * 1_000
    );
    assert_eq!(
        plain(Strategy::Exponential)
            .with_initial_wait(DAY)
            .with_max_wait(Duration::MAX)
            .term(1_000),
        Duration::MAX
    );
}

#[test]
fn retry_zero_is_taken_as_the_first() {
    for strategy in STRATEGIES {
        assert_eq!(
            plain(strategy).term(0),
            plain(strategy).term(1),
            "{strategy}"
        );
    }
    let decorrelated = Backoff::new().with_jitter(Jitter::Decorrelated);
    assert_eq!(decorrelated.bounds(0), decorrelated.bounds(1));
}

#[test]
fn custom_waits_are_capped_and_spread() {
    let shape = |jitter, draw| {
        Backoff::new()
            .with_jitter(jitter)
            .shape(millis(100_000), draw)
    };
    assert_eq!(shape(Jitter::None, 0.5), millis(60_000));
    assert_eq!(shape(Jitter::Full, 0.5), millis(30_000));
    assert_eq!(shape(Jitter::Equal, 0.5), millis(45_000));
    assert_eq!(shape(Jitter::Decorrelated, 0.5), millis(30_000));
    assert_eq!(Backoff::new().shape(Duration::MAX, 1.0), millis(60_000));
}
