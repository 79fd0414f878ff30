//! What is wrong with the settings of a breaker.

/// A rule of [`BreakerPolicy`](crate::BreakerPolicy) that is broken; see
/// [`BreakerPolicy::check`](crate::BreakerPolicy::check).
///
/// Its text names the options and says what to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.message())]
#[non_exhaustive]
pub enum BreakerPolicyError {
    /// Both `failure_threshold` and `failure_rate` are written; only a configuration can do that.
    ThresholdBesideRate,
    /// `failure_threshold` is zero.
    FailureThresholdZero,
    /// `failure_rate` is not above 0 and at most 1.
    FailureRateOutOfRange,
    /// `window` without `failure_rate`.
    WindowWithoutFailureRate,
    /// `window` of no calls.
    WindowEmpty,
    /// `window` of more than [`MAX_WINDOW_CALLS`](crate::BreakerPolicy::MAX_WINDOW_CALLS) calls.
    WindowTooLong,
    /// `window` shorter than a millisecond.
    WindowTooShort,
    /// `minimum_calls` without `failure_rate`.
    MinimumCallsWithoutFailureRate,
    /// `minimum_calls` is zero.
    MinimumCallsZero,
    /// `minimum_calls` is more than the calls that `window` holds.
    MinimumCallsAboveWindow,
    /// `slow_call` without `failure_rate`.
    SlowCallWithoutFailureRate,
    /// `slow_call` is zero.
    SlowCallNotPositive,
    /// `slow_call_rate` without `slow_call`.
    SlowCallRateWithoutSlowCall,
    /// `slow_call_rate` is not above 0 and at most 1.
    SlowCallRateOutOfRange,
    /// `recovery_timeout` is zero.
    RecoveryTimeoutNotPositive,
    /// `max_recovery_timeout` is less than `recovery_timeout`.
    MaxRecoveryTimeoutBelowRecoveryTimeout,
    /// `success_threshold` is zero.
    SuccessThresholdZero,
    /// `half_open_calls` is zero.
    HalfOpenCallsZero,
    /// `half_open_calls` is more than
    /// [`MAX_HALF_OPEN_CALLS`](crate::BreakerPolicy::MAX_HALF_OPEN_CALLS).
    HalfOpenCallsTooMany,
}

impl BreakerPolicyError {
    /// Every rule, in the order in which they are checked.
    pub(crate) const ALL: [Self; 19] = [
        Self::ThresholdBesideRate,
        Self::FailureThresholdZero,
        Self::FailureRateOutOfRange,
        Self::WindowWithoutFailureRate,
        Self::WindowEmpty,
        Self::WindowTooLong,
        Self::WindowTooShort,
        Self::MinimumCallsWithoutFailureRate,
        Self::MinimumCallsZero,
        Self::MinimumCallsAboveWindow,
        Self::SlowCallWithoutFailureRate,
        Self::SlowCallNotPositive,
        Self::SlowCallRateWithoutSlowCall,
        Self::SlowCallRateOutOfRange,
        Self::RecoveryTimeoutNotPositive,
        Self::MaxRecoveryTimeoutBelowRecoveryTimeout,
        Self::SuccessThresholdZero,
        Self::HalfOpenCallsZero,
        Self::HalfOpenCallsTooMany,
    ];

    /// The text, for use in const evaluation too.
    pub const fn message(self) -> &'static str {
        match self {
            Self::ThresholdBesideRate => {
                "`failure_threshold` and `failure_rate` exclude each other; write one of them"
            }
            Self::FailureThresholdZero => {
                "`failure_threshold` must be at least 1; write the number of failures in a row that open the breaker, such as 5"
            }
            Self::FailureRateOutOfRange => {
                "`failure_rate` must be above 0 and at most 1; write a share of the calls, such as 0.5"
            }
            Self::WindowWithoutFailureRate => {
                "`window` needs `failure_rate`; write `failure_rate` too, such as 0.5"
            }
            Self::WindowEmpty => {
                "`window` must hold at least one call; write a number of calls, such as 100, or a time, such as \"10s\""
            }
            Self::WindowTooLong => {
                "`window` holds more than 1000000 calls; write fewer calls, or a time, such as \"10s\""
            }
            Self::WindowTooShort => {
                "`window` is shorter than a millisecond; write a longer time, such as \"10s\", or a number of calls"
            }
            Self::MinimumCallsWithoutFailureRate => {
                "`minimum_calls` needs `failure_rate`; write `failure_rate` too, such as 0.5"
            }
            Self::MinimumCallsZero => {
                "`minimum_calls` must be at least 1; write the number of calls before which no rate counts"
            }
            Self::MinimumCallsAboveWindow => {
                "`minimum_calls` is more than the calls in `window`, so the breaker could never open; write at most the calls of `window`"
            }
            Self::SlowCallWithoutFailureRate => {
                "`slow_call` needs `failure_rate`; write `failure_rate` too, such as 0.5"
            }
            Self::SlowCallNotPositive => {
                "`slow_call` must be positive; write the time from which a call is slow, such as \"4s\""
            }
            Self::SlowCallRateWithoutSlowCall => {
                "`slow_call_rate` needs `slow_call`; write `slow_call` too, such as \"4s\""
            }
            Self::SlowCallRateOutOfRange => {
                "`slow_call_rate` must be above 0 and at most 1; write a share of the calls, such as 0.5"
            }
            Self::RecoveryTimeoutNotPositive
            | Self::MaxRecoveryTimeoutBelowRecoveryTimeout
            | Self::SuccessThresholdZero
            | Self::HalfOpenCallsZero
            | Self::HalfOpenCallsTooMany => self.recovery_message(),
        }
    }

    /// Of the rules about the way back to closed.
    const fn recovery_message(self) -> &'static str {
        match self {
            Self::MaxRecoveryTimeoutBelowRecoveryTimeout => {
                "`max_recovery_timeout` is less than `recovery_timeout`; write a `max_recovery_timeout` of at least `recovery_timeout`"
            }
            Self::SuccessThresholdZero => {
                "`success_threshold` must be at least 1; write the number of successes that close the breaker"
            }
            Self::HalfOpenCallsZero => {
                "`half_open_calls` must be at least 1; write the number of probes at a time"
            }
            Self::HalfOpenCallsTooMany => {
                "`half_open_calls` is more than 10000; write fewer probes at a time"
            }
            _ => {
                "`recovery_timeout` must be positive; write the time that the breaker stays open, such as \"60s\""
            }
        }
    }
}
