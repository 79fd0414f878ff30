//! Breakers, and a rate limiter to compare with.

use std::num::NonZeroU32;
use std::time::Duration;

use failsafe::{backoff, failure_policy};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use recloser::Recloser;

/// Long enough for a breaker to stay as it is.
pub(crate) const HOUR: Duration = Duration::from_hours(1);

pub(crate) type Failsafe =
    failsafe::StateMachine<failure_policy::ConsecutiveFailures<backoff::Constant>, ()>;

/// Opens after five failures in a row.
pub(crate) fn failsafe() -> Failsafe {
    let policy = failure_policy::consecutive_failures(5, backoff::constant(HOUR));
    failsafe::Config::new().failure_policy(policy).build()
}

pub(crate) type FailsafeOfTime =
    failsafe::StateMachine<failure_policy::SuccessRateOverTimeWindow<backoff::Constant>, ()>;

/// Opens when half of the calls of ten seconds fail.
pub(crate) fn failsafe_of_time() -> FailsafeOfTime {
    let policy = failure_policy::success_rate_over_time_window(
        0.5,
        100,
        Duration::from_secs(10),
        backoff::constant(HOUR),
    );
    failsafe::Config::new().failure_policy(policy).build()
}

/// Opens when half of a hundred calls fail.
pub(crate) fn recloser() -> Recloser {
    Recloser::custom()
        .error_rate(0.5)
        .closed_len(100)
        .open_wait(HOUR)
        .build()
}

/// Lets so much pass that it never says no.
pub(crate) fn governor() -> DefaultDirectRateLimiter {
    RateLimiter::direct(Quota::per_second(NonZeroU32::MAX))
}
