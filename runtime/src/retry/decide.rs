//! The decision after a failed attempt, as plain data and without a clock.

use core::time::Duration;

use crate::{RetryPolicy, Verdict};

/// Why a call ended with a failure instead of another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum StopReason {
    /// The verdict on the error was permanent, fault or ignore.
    NotRetryable,
    /// `max_retries` retries have been made.
    Retries,
    /// `timeout` is used up, or the next wait would have used it up.
    Timeout,
    /// The custom strategy gave no further wait.
    Strategy,
    /// The retry budget is empty.
    Budget,
    /// The breaker is open, and will be so after the wait.
    BreakerOpen,
}

impl StopReason {
    /// The reason as one lower-case word, as it stands in events.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::NotRetryable => "not_retryable",
            Self::Retries => "retries",
            Self::Timeout => "timeout",
            Self::Strategy => "strategy",
            Self::Budget => "budget",
            Self::BreakerOpen => "breaker_open",
        }
    }
}

/// What to do about a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Stop(StopReason),
    Wait(Duration),
}

/// Decides about attempt number `attempt` (from 1) of a call that has `timeout` in all and whose
/// clock started `elapsed` ago. `computed` gives the strategy's wait and is asked only if a retry is allowed; a
/// server's delay is added below it, so that the whole is bounded by `timeout` alone.
///
/// A wait that may end at or after the deadline, at the timer's `resolution`, is never started: it
/// would leave no time for the attempt that it leads to.
pub(crate) fn decide(
    policy: &RetryPolicy,
    (timeout, resolution): (Duration, Duration),
    attempt: u32,
    elapsed: Duration,
    verdict: Verdict,
    computed: impl FnOnce() -> Option<Duration>,
) -> Decision {
    let server = match verdict {
        Verdict::Transient => Duration::ZERO,
        Verdict::Throttled(delay) => delay.unwrap_or_default(),
        Verdict::Permanent | Verdict::Fault | Verdict::Ignore => {
            return Decision::Stop(StopReason::NotRetryable);
        }
    };
    if attempt > policy.max_retries() {
        return Decision::Stop(StopReason::Retries);
    }
    let Some(computed) = computed() else {
        return Decision::Stop(StopReason::Strategy);
    };
    let wait = server.saturating_add(computed);
    let overrun = if wait.is_zero() {
        Duration::ZERO
    } else {
        resolution
    };
    if elapsed.saturating_add(wait).saturating_add(overrun) >= timeout {
        return Decision::Stop(StopReason::Timeout);
    }
    Decision::Wait(wait)
}

#[cfg(test)]
mod tests {
    use super::{Decision, StopReason, decide};
    use crate::{RetryPolicy, Verdict};
    use core::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);
    const POLICY: RetryPolicy = RetryPolicy::new()
        .with_timeout(Duration::from_secs(10))
        .with_max_retries(3);

    fn after(attempt: u32, elapsed: u64, verdict: Verdict, wait: u64) -> Decision {
        decide(
            &POLICY,
            (POLICY.timeout(), Duration::ZERO),
            attempt,
            SECOND * u32::try_from(elapsed).unwrap(),
            verdict,
            || Some(Duration::from_secs(wait)),
        )
    }

    #[test]
    fn transient_and_throttled_wait_and_the_rest_stops() {
        assert_eq!(
            after(1, 0, Verdict::Transient, 2),
            Decision::Wait(2 * SECOND)
        );
        assert_eq!(
            after(1, 0, Verdict::Throttled(None), 2),
            Decision::Wait(2 * SECOND)
        );
        for verdict in [Verdict::Permanent, Verdict::Fault, Verdict::Ignore] {
            assert_eq!(
                after(1, 0, verdict, 2),
                Decision::Stop(StopReason::NotRetryable)
            );
        }
    }

    #[test]
    fn retries_are_counted_after_the_first_attempt() {
        assert_eq!(after(3, 0, Verdict::Transient, 1), Decision::Wait(SECOND));
        assert_eq!(
            after(4, 0, Verdict::Transient, 1),
            Decision::Stop(StopReason::Retries)
        );
    }

    #[test]
    fn a_wait_that_reaches_the_deadline_is_not_started() {
        assert_eq!(after(1, 8, Verdict::Transient, 1), Decision::Wait(SECOND));
        assert_eq!(
            after(1, 8, Verdict::Transient, 2),
            Decision::Stop(StopReason::Timeout)
        );
        assert_eq!(
            after(1, 10, Verdict::Transient, 0),
            Decision::Stop(StopReason::Timeout)
        );
        assert_eq!(
            after(1, 0, Verdict::Throttled(Some(Duration::MAX)), 1),
            Decision::Stop(StopReason::Timeout)
        );
    }

    #[test]
    fn a_servers_delay_is_a_lower_bound_plus_the_computed_wait() {
        let delay = Verdict::Throttled(Some(7 * SECOND));
        assert_eq!(after(1, 0, delay, 2), Decision::Wait(9 * SECOND));
    }

    #[test]
    fn a_strategy_without_a_further_wait_ends_the_call() {
        let decision = decide(
            &POLICY,
            (POLICY.timeout(), Duration::ZERO),
            1,
            Duration::ZERO,
            Verdict::Transient,
            || None,
        );
        assert_eq!(decision, Decision::Stop(StopReason::Strategy));
    }
}
