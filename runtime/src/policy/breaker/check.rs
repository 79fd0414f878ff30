//! The rules between the settings of a breaker.

use super::{BreakerPolicy, BreakerPolicyError, Window};

/// Limits, and the defaults that depend on other settings.
impl BreakerPolicy {
    /// The most calls that a `window` may hold; each takes a byte.
    pub const MAX_WINDOW_CALLS: u32 = 1_000_000;
    /// The most probes at a time.
    pub const MAX_HALF_OPEN_CALLS: u32 = 10_000;

    pub(super) const DEFAULT_WINDOW: Window = Window::Calls(100);
    pub(super) const DEFAULT_MINIMUM_CALLS: u32 = 10;
    pub(super) const DEFAULT_SLOW_CALL_RATE: f64 = 0.5;

    /// Checks the settings against each other; for constants, at compile time.
    ///
    /// ```
    /// # use wait_or_die::{BreakerPolicy, BreakerPolicyError};
    /// const POLICY: BreakerPolicy = BreakerPolicy::new().with_minimum_calls(20);
    /// assert_eq!(POLICY.check(), Err(BreakerPolicyError::MinimumCallsWithoutFailureRate));
    /// ```
    ///
    /// # Errors
    /// The first rule that is broken, in the order of the variants of [`BreakerPolicyError`].
    pub const fn check(&self) -> Result<(), BreakerPolicyError> {
        if self.failure_threshold == 0 {
            return Err(BreakerPolicyError::FailureThresholdZero);
        }
        if let Err(error) = self.check_rates() {
            return Err(error);
        }
        if let Err(error) = self.check_slow_calls() {
            return Err(error);
        }
        self.check_recovery()
    }

    const fn check_rates(&self) -> Result<(), BreakerPolicyError> {
        use BreakerPolicyError as E;

        if let Some(rate) = self.failure_rate
            && !is_share(rate)
        {
            return Err(E::FailureRateOutOfRange);
        }
        if self.failure_rate.is_none() && self.window.is_some() {
            return Err(E::WindowWithoutFailureRate);
        }
        match self.window {
            Some(Window::Calls(0)) => return Err(E::WindowEmpty),
            Some(Window::Calls(calls)) if calls > Self::MAX_WINDOW_CALLS => {
                return Err(E::WindowTooLong);
            }
            Some(Window::Time(time)) if time.is_zero() => return Err(E::WindowEmpty),
            Some(Window::Time(time)) if time.as_nanos() < 1_000_000 => {
                return Err(E::WindowTooShort);
            }
            _ => {}
        }
        match (self.minimum_calls, self.window()) {
            (Some(_), None) => Err(E::MinimumCallsWithoutFailureRate),
            (Some(0), _) => Err(E::MinimumCallsZero),
            (Some(minimum), Some(Window::Calls(calls))) if minimum > calls => {
                Err(E::MinimumCallsAboveWindow)
            }
            _ => Ok(()),
        }
    }

    const fn check_slow_calls(&self) -> Result<(), BreakerPolicyError> {
        use BreakerPolicyError as E;

        if let Some(slow_call) = self.slow_call {
            if self.failure_rate.is_none() {
                return Err(E::SlowCallWithoutFailureRate);
            }
            if slow_call.is_zero() {
                return Err(E::SlowCallNotPositive);
            }
        }
        match self.slow_call_rate {
            Some(_) if self.slow_call.is_none() => Err(E::SlowCallRateWithoutSlowCall),
            Some(rate) if !is_share(rate) => Err(E::SlowCallRateOutOfRange),
            _ => Ok(()),
        }
    }

    const fn check_recovery(&self) -> Result<(), BreakerPolicyError> {
        use BreakerPolicyError as E;

        if self.recovery_timeout.is_zero() {
            return Err(E::RecoveryTimeoutNotPositive);
        }
        if let Some(max) = self.max_recovery_timeout
            && max.as_nanos() < self.recovery_timeout.as_nanos()
        {
            return Err(E::MaxRecoveryTimeoutBelowRecoveryTimeout);
        }
        if let Some(0) = self.success_threshold {
            return Err(E::SuccessThresholdZero);
        }
        match self.half_open_calls {
            0 => Err(E::HalfOpenCallsZero),
            calls if calls > Self::MAX_HALF_OPEN_CALLS => Err(E::HalfOpenCallsTooMany),
            _ => Ok(()),
        }
    }
}

/// Not a number is no share.
const fn is_share(rate: f64) -> bool {
    rate > 0.0 && rate <= 1.0
}
