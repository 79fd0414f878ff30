//! The `backoff` crate's traits and errors with ours, in both directions.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use backoff::ExponentialBackoff;
use backoff::backoff::{Backoff as Foreign, Constant, Stop, Zero};
use wait_or_die::backoff::{CustomStrategy, WaitSequence};
use wait_or_die::interop::{Carrier, FromBackoff, ScheduleBackoff};
use wait_or_die::{Classify, Jitter, RetryPolicy, Verdict, testing};

#[path = "backoff_crate/annotated.rs"]
mod annotated;

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// The waits in milliseconds until it gives up.
fn drain(backoff: &mut impl Foreign) -> Vec<u128> {
    std::iter::from_fn(|| backoff.next_backoff())
        .map(|wait| wait.as_millis())
        .collect()
}

mod as_strategy {
    use super::*;

    /// That crate's own default, without its randomness.
    fn exponential() -> ExponentialBackoff {
        ExponentialBackoff {
            randomization_factor: 0.0,
            ..ExponentialBackoff::default()
        }
    }

    fn constant() -> Constant {
        Constant::new(secs(7))
    }

    fn zero() -> Zero {
        Zero {}
    }

    fn stop() -> Stop {
        Stop {}
    }

    fn boxed() -> Box<dyn Foreign + Send> {
        Box::new(constant())
    }

    fn wrapped() -> FromBackoff<ExponentialBackoff> {
        FromBackoff(exponential())
    }

    fn waits<Kind>(strategy: impl CustomStrategy<Kind>) -> Vec<Option<u128>> {
        let mut sequence = strategy.sequence();
        (1..=4)
            .map(|retry| sequence.next_wait(retry).map(|wait| wait.as_millis()))
            .collect()
    }

    #[test]
    fn a_constructor_of_any_backoff_is_a_strategy() {
        assert_eq!(
            waits(exponential),
            [Some(500), Some(750), Some(1_125), Some(1_687)]
        );
        assert_eq!(waits(constant), [Some(7_000); 4]);
        assert_eq!(waits(zero), [Some(0); 4]);
        assert_eq!(waits(stop), [None; 4]);
        assert_eq!(waits(boxed), [Some(7_000); 4]);
        assert_eq!(waits(|| Constant::new(secs(3))), [Some(3_000); 4]);
    }

    #[test]
    fn a_wrapped_backoff_is_a_sequence() {
        assert_eq!(waits(wrapped), waits(exponential));
        assert_eq!(FromBackoff(stop()).next_wait(1), None);
    }

    #[test]
    fn each_call_starts_over() {
        /// Counts on from where it stands unless it is reset.
        struct Counting(u64);
        impl Foreign for Counting {
            fn reset(&mut self) {
                self.0 = 0;
            }
            fn next_backoff(&mut self) -> Option<Duration> {
                self.0 += 1;
                Some(secs(self.0))
            }
        }
        let counting = || Counting(40);
        for _ in 0..2 {
            assert_eq!(
                waits(counting),
                [Some(1_000), Some(2_000), Some(3_000), Some(4_000)]
            );
        }
    }
}

mod as_backoff {
    use super::*;

    const GATEWAY: RetryPolicy = RetryPolicy::GATEWAY.with_jitter(Jitter::None);

    #[test]
    fn a_policy_hands_out_its_waits_and_then_gives_up() {
        let _scope = testing::scope(1);
        let mut backoff = GATEWAY.into_backoff();
        let expected = [
            500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000, 5_000, 5_000, 5_000,
        ];
        assert_eq!(drain(&mut backoff), expected);
        assert_eq!(backoff.next_backoff(), None);
        backoff.reset();
        assert_eq!(drain(&mut backoff), expected);
    }

    #[test]
    fn decorrelated_jitter_remembers_until_reset() {
        let _scope = testing::scope(1);
        let policy = GATEWAY
            .with_jitter(Jitter::Decorrelated)
            .with_max_wait(secs(1_000));
        let mut backoff = ScheduleBackoff::new(policy).with_seed(3);
        for _ in 0..50 {
            backoff.reset();
            let mut previous = policy.initial_wait();
            for _ in 0..3 {
                let wait = backoff
                    .next_backoff()
                    .expect("three waits end before the timeout");
                assert!(
                    policy.initial_wait() <= wait && wait <= previous * 3,
                    "{wait:?} after {previous:?}"
                );
                previous = wait;
            }
        }
    }

    #[test]
    fn the_timeout_is_wall_clock_from_the_last_reset() {
        let scope = testing::scope(1);
        let mut backoff = GATEWAY.into_backoff(); // 30 s
        scope.advance(Duration::from_millis(29_499));
        assert_eq!(backoff.next_backoff(), Some(Duration::from_millis(500)));
        backoff.reset();
        scope.advance(Duration::from_millis(29_500));
        assert_eq!(
            backoff.next_backoff(),
            None,
            "the wait would end at the timeout"
        );
        backoff.reset();
        assert_eq!(backoff.next_backoff(), Some(Duration::from_millis(500)));
    }

    #[test]
    fn once_it_has_given_up_no_shorter_wait_revives_it() {
        let scope = testing::scope(1);
        // Waits from 0 to 20 s with 10 s left: some draws fit and some do not.
        let policy = GATEWAY
            .with_initial_wait(secs(20))
            .with_max_wait(secs(20))
            .with_jitter(Jitter::Full);
        let mut backoff = policy
            .with_max_retries(u32::MAX)
            .into_backoff()
            .with_seed(5);
        scope.advance(secs(20));
        assert!(drain(&mut backoff).iter().all(|wait| *wait < 10_000));
        for _ in 0..100 {
            assert_eq!(backoff.next_backoff(), None);
        }
    }

    #[test]
    fn a_seed_repeats_a_run_and_a_reset_does_not() {
        let _scope = testing::scope(1);
        let run = |seed| drain(&mut RetryPolicy::ORDER.into_backoff().with_seed(seed));
        assert_eq!(run(11), run(11));
        assert_ne!(run(11), run(12));
        let mut backoff = RetryPolicy::ORDER.into_backoff().with_seed(11);
        assert_ne!(drain(&mut backoff), {
            backoff.reset();
            drain(&mut backoff)
        });
    }

    #[test]
    fn without_a_seed_the_test_scope_decides() {
        let run = |seed| {
            let _scope = testing::scope(seed);
            drain(&mut RetryPolicy::ORDER.into_backoff())
        };
        assert_eq!(run(11), run(11));
        assert_ne!(run(11), run(12));
    }

    #[test]
    fn that_crates_own_loop_runs_on_our_policy() {
        let policy = RetryPolicy::DATABASE.with_initial_wait(Duration::ZERO);
        let mut attempts = 0;
        let outcome = backoff::retry(policy.into_backoff(), || {
            attempts += 1;
            Err::<Infallible, _>(backoff::Error::transient("no answer"))
        });
        assert_eq!(attempts, 4);
        assert_eq!(outcome, Err(backoff::Error::transient("no answer")));
    }
}

mod as_error {
    use super::*;

    #[test]
    fn the_kind_and_the_delay_decide() {
        assert_eq!(
            backoff::Error::permanent("no").classify(),
            Verdict::Permanent
        );
        assert_eq!(
            backoff::Error::transient("later").classify(),
            Verdict::Transient
        );
        assert_eq!(
            backoff::Error::retry_after("later", secs(42)).classify(),
            Verdict::Throttled(Some(secs(42)))
        );
    }

    #[test]
    fn the_enclosed_error_is_not_asked() {
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(refused().classify(), Verdict::Transient);
        assert_eq!(
            backoff::Error::permanent(refused()).classify(),
            Verdict::Permanent
        );
    }

    #[test]
    fn our_own_error_can_stand_inside_as_a_permanent_one() {
        fn accepts<E: Carrier>() -> bool
        where
            backoff::Error<E>: From<wait_or_die::Error>,
        {
            true
        }
        assert!(accepts::<io::Error>());
        assert!(accepts::<anyhow::Error>());
        assert!(accepts::<eyre::Report>());
        assert!(accepts::<Box<dyn std::error::Error>>());
        assert!(accepts::<Box<dyn std::error::Error + Send + Sync>>());
    }
}
