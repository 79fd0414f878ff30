use core::time::Duration;

use super::growth::{exponential, fibonacci, scale};
use super::*;

#[test]
fn fibonacci_is_exact_as_far_as_u128_reaches() {
    let first: Vec<u128> = (1..=10).map(fibonacci).collect();
    assert_eq!(first, [1, 1, 2, 3, 5, 8, 13, 21, 34, 55]);
    assert_eq!(
        fibonacci(186),
        332_825_110_087_067_562_321_196_029_789_634_457_848
    );
    assert_eq!(fibonacci(187), u128::MAX);
    assert_eq!(fibonacci(u32::MAX), u128::MAX);
}

#[test]
fn whole_multipliers_are_exact_beyond_the_digits_of_a_float() {
    assert_eq!(exponential(1, 2.0, 100), 1 << 100);
    assert_eq!(exponential(1, 3.0, 60), 3_u128.pow(60));
    assert_eq!(exponential(7, 10.0, 30), 7 * 10_u128.pow(30));
    assert_eq!(exponential(1, 2.0, 128), u128::MAX);
    assert_eq!(exponential(0, 2.0, u32::MAX), 0);
}

#[test]
fn fractional_multipliers_round_to_the_nearest_nanosecond() {
    assert_eq!(exponential(1_000_000_000, 1.5, 3), 3_375_000_000);
    assert_eq!(exponential(10, 1.25, 1), 13); // 12.5
    assert_eq!(exponential(10, 1.1, 2), 12); // 12.1
    assert_eq!(exponential(1, 1.5, u32::MAX), u128::MAX);
}

#[test]
fn a_multiplier_that_makes_no_sense_counts_as_one_and_infinity_jumps_to_the_cap() {
    for multiplier in [f64::NAN, f64::NEG_INFINITY, -2.0, 0.0, 0.999] {
        assert_eq!(exponential(5, multiplier, 7), 5, "{multiplier}");
    }
    assert_eq!(exponential(5, f64::INFINITY, 0), 5);
    assert_eq!(exponential(5, f64::INFINITY, 1), u128::MAX);
    assert_eq!(exponential(0, f64::INFINITY, 1), 0);
}

#[test]
fn durations_survive_the_way_through_nanoseconds() {
    for duration_in in [
        Duration::ZERO,
        Duration::from_nanos(1),
        Duration::new(7, 999_999_999),
        Duration::MAX,
    ] {
        assert_eq!(duration(duration_in.as_nanos()), duration_in);
    }
    assert_eq!(duration(Duration::MAX.as_nanos() + 1), Duration::MAX);
    assert_eq!(duration(u128::MAX), Duration::MAX);
    assert_eq!(scale(u128::MAX, 2.0), u128::MAX);
}

#[test]
fn each_shape_of_custom_strategy_is_told_apart_without_naming_its_kind() {
    struct Countdown(u64);
    impl WaitSequence for Countdown {
        fn next_wait(&mut self, retry: u32) -> Option<Duration> {
            self.0 = self.0.checked_sub(u64::from(retry))?;
            Some(Duration::from_secs(self.0))
        }
    }
    fn squares(retry: u32) -> Duration {
        Duration::from_secs(u64::from(retry * retry))
    }
    fn countdown() -> Countdown {
        Countdown(6)
    }
    fn boxed() -> Box<dyn WaitSequence + Send> {
        Box::new(Countdown(1))
    }
    fn waits<Kind>(strategy: impl CustomStrategy<Kind>) -> Vec<Option<u64>> {
        let mut sequence = strategy.sequence();
        (1..=4)
            .map(|retry| sequence.next_wait(retry).map(|wait| wait.as_secs()))
            .collect()
    }
    let offset = 100;
    assert_eq!(waits(squares), [Some(1), Some(4), Some(9), Some(16)]);
    assert_eq!(
        waits(move |retry| Duration::from_secs(offset + u64::from(retry))),
        [Some(101), Some(102), Some(103), Some(104)]
    );
    assert_eq!(waits(countdown), [Some(5), Some(3), Some(0), None]);
    assert_eq!(waits(boxed), [Some(0), None, None, None]);
}
