//! Whole schedules: their waits, totals, retries that fit, and the printed table.

use std::time::Duration;

use wait_or_die::{Jitter, RetryPolicy, Strategy};

const DAY: Duration = Duration::from_secs(86_400);

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[test]
fn a_schedule_lists_its_waits_and_their_totals() {
    let order = RetryPolicy::ORDER; // 1 2 4 8 10 seconds
    let table = [
        (
            Jitter::None,
            [1_000, 2_000, 4_000, 8_000, 10_000],
            [1_000, 2_000, 4_000, 8_000, 10_000],
        ),
        (Jitter::Full, [0; 5], [1_000, 2_000, 4_000, 8_000, 10_000]),
        (
            Jitter::Equal,
            [500, 1_000, 2_000, 4_000, 5_000],
            [1_000, 2_000, 4_000, 8_000, 10_000],
        ),
        (
            Jitter::Decorrelated,
            [1_000; 5],
            [3_000, 9_000, 10_000, 10_000, 10_000],
        ),
    ];
    for (jitter, min, max) in table {
        let schedule = order.with_jitter(jitter).schedule();
        let waits: Vec<_> = schedule
            .clone()
            .map(|wait| (wait.retry, wait.min, wait.max))
            .collect();
        let expected: Vec<_> = (1..)
            .zip(min)
            .zip(max)
            .map(|((n, min), max)| (n, millis(min), millis(max)))
            .collect();
        assert_eq!(waits, expected, "{jitter}");
        assert_eq!(schedule.min_total(), millis(min.iter().sum()), "{jitter}");
        assert_eq!(schedule.max_total(), millis(max.iter().sum()), "{jitter}");
    }
}

#[test]
fn totals_are_those_of_the_waits_not_yet_taken() {
    let mut schedule = RetryPolicy::ORDER.with_jitter(Jitter::None).schedule();
    assert_eq!(schedule.size_hint(), (5, Some(5)));
    assert_eq!(schedule.nth(1).map(|wait| wait.retry), Some(2));
    assert_eq!(schedule.size_hint(), (3, Some(3)));
    assert_eq!(schedule.max_total(), millis(22_000));
    assert_eq!(schedule.clone().count(), 3);
    assert_eq!(schedule.clone().last().map(|wait| wait.retry), Some(5));
    assert_eq!(schedule.nth(3), None);
    assert_eq!(schedule.next(), None);
    assert_eq!(
        (schedule.min_total(), schedule.max_total()),
        (Duration::ZERO, Duration::ZERO)
    );
    assert_eq!(
        (schedule.certain_retries(), schedule.possible_retries()),
        (0, 0)
    );
}

#[test]
fn no_retries_is_an_empty_schedule() {
    let mut schedule = RetryPolicy::new().with_max_retries(0).schedule();
    assert_eq!(schedule.max_total(), Duration::ZERO);
    assert_eq!(schedule.possible_retries(), 0);
    assert_eq!(schedule.next(), None);
}

#[test]
fn endless_schedules_have_totals_too() {
    let endless = RetryPolicy::new().with_max_retries(u32::MAX);
    let retries = u64::from(u32::MAX);
    let exponential = endless.schedule();
    assert_eq!(
        exponential.max_total(),
        Duration::from_secs(63 + 60 * (retries - 6))
    );
    assert_eq!(
        exponential.clone().last().map(|wait| wait.max),
        Some(millis(60_000))
    );
    assert_eq!(
        exponential
            .clone()
            .nth(4_000_000_000)
            .map(|wait| wait.retry),
        Some(4_000_000_001)
    );

    let fixed = endless
        .with_strategy(Strategy::Fixed)
        .with_jitter(Jitter::Equal)
        .schedule();
    assert_eq!(fixed.min_total(), Duration::from_millis(500 * retries));

    let linear = endless
        .with_strategy(Strategy::Linear)
        .with_max_wait(Duration::from_secs(1_000_000));
    let expected = 1_000_000 * 1_000_001 / 2 + (retries - 1_000_000) * 1_000_000;
    assert_eq!(linear.schedule().max_total(), Duration::from_secs(expected));

    let huge = endless.with_max_wait(Duration::MAX).schedule();
    assert_eq!(huge.max_total(), Duration::MAX);
}

#[test]
fn a_schedule_that_hardly_grows_is_summed_by_formula() {
    let policy = RetryPolicy::new()
        .with_jitter(Jitter::None)
        .with_multiplier(1.000_001)
        .with_max_wait(DAY)
        .with_max_retries(1_000_000);
    // (m^n - 1) / (m - 1) seconds with n = 10^6, by 50-digit arithmetic.
    let expected = 1_718_280.469_237_f64;
    let total = policy.schedule().max_total().as_secs_f64();
    assert!((total / expected - 1.0).abs() < 1e-9, "{total}");
}

#[test]
fn the_timeout_says_how_many_retries_can_start() {
    // 1 2 4 8 10 seconds: sums 1 3 7 15 25.
    let order = RetryPolicy::ORDER.with_jitter(Jitter::Equal);
    let retries = |timeout| {
        let schedule = order.with_timeout(millis(timeout)).schedule();
        (schedule.certain_retries(), schedule.possible_retries())
    };
    assert_eq!(retries(1_000), (0, 1));
    assert_eq!(retries(1_001), (1, 1));
    assert_eq!(retries(7_000), (2, 3));
    assert_eq!(retries(15_001), (4, 5));
    assert_eq!(retries(30_000), (5, 5));
    let endless = RetryPolicy::new().with_max_retries(u32::MAX).schedule();
    assert_eq!(endless.possible_retries(), u32::MAX);
    assert_eq!(endless.certain_retries(), 9); // 1 2 4 8 16 32 60 60 60: 243 s of 300
}

#[test]
fn a_schedule_prints_as_a_table_with_equal_rows_folded() {
    let text = RetryPolicy::GATEWAY.schedule().to_string();
    let expected = "\
retry    wait
1        0s to 500ms
2        0s to 1s
3        0s to 2s
4        0s to 4s
5 to 10  0s to 5s
total    0s to 37.5s, within a timeout of 30s";
    assert_eq!(text, expected);
    let linear = RetryPolicy::new()
        .with_strategy(Strategy::Linear)
        .with_jitter(Jitter::None)
        .with_max_wait(DAY)
        .with_max_retries(u32::MAX);
    let text = linear.schedule().to_string();
    assert_eq!(text.lines().count(), 27);
    assert_eq!(
        text.lines().nth(25),
        Some("25 to 4294967295  growing to 86400s")
    );
}
