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
        let mut next = 0;
        while next < BreakerPolicyError::ALL.len() {
            if self.breaks(BreakerPolicyError::ALL[next]) {
                return Err(BreakerPolicyError::ALL[next]);
            }
            next += 1;
        }
        Ok(())
    }

    /// Whether one rule is broken, whatever becomes of the others.
    pub(crate) const fn breaks(&self, rule: BreakerPolicyError) -> bool {
        use BreakerPolicyError as E;

        match rule {
            // The setters cannot say both.
            E::ThresholdBesideRate => false,
            E::FailureThresholdZero => self.failure_threshold == 0,
            E::FailureRateOutOfRange => is_no_share(self.failure_rate),
            E::WindowWithoutFailureRate => self.failure_rate.is_none() && self.window.is_some(),
            E::WindowEmpty | E::WindowTooLong | E::WindowTooShort => self.breaks_window(rule),
            E::MinimumCallsWithoutFailureRate => {
                self.failure_rate.is_none() && self.minimum_calls.is_some()
            }
            E::MinimumCallsZero => matches!(self.minimum_calls, Some(0)),
            E::MinimumCallsAboveWindow => match (self.minimum_calls, self.window()) {
                (Some(minimum), Some(Window::Calls(calls))) => minimum > calls,
                _ => false,
            },
            E::SlowCallWithoutFailureRate => {
                self.failure_rate.is_none() && self.slow_call.is_some()
            }
            E::SlowCallNotPositive => matches!(self.slow_call, Some(time) if time.is_zero()),
            E::SlowCallRateWithoutSlowCall => {
                self.slow_call.is_none() && self.slow_call_rate.is_some()
            }
            E::SlowCallRateOutOfRange => is_no_share(self.slow_call_rate),
            E::RecoveryTimeoutNotPositive => self.recovery_timeout.is_zero(),
            E::MaxRecoveryTimeoutBelowRecoveryTimeout => match self.max_recovery_timeout {
                Some(max) => max.as_nanos() < self.recovery_timeout.as_nanos(),
                None => false,
            },
            E::SuccessThresholdZero => matches!(self.success_threshold, Some(0)),
            E::HalfOpenCallsZero => self.half_open_calls == 0,
            E::HalfOpenCallsTooMany => self.half_open_calls > Self::MAX_HALF_OPEN_CALLS,
        }
    }

    const fn breaks_window(&self, rule: BreakerPolicyError) -> bool {
        use BreakerPolicyError as E;

        match (rule, self.window) {
            (E::WindowEmpty, Some(Window::Calls(calls))) => calls == 0,
            (E::WindowEmpty, Some(Window::Time(time))) => time.is_zero(),
            (E::WindowTooLong, Some(Window::Calls(calls))) => calls > Self::MAX_WINDOW_CALLS,
            (E::WindowTooShort, Some(Window::Time(time))) => {
                !time.is_zero() && time.as_nanos() < 1_000_000
            }
            _ => false,
        }
    }
}

/// Not a number is no share.
const fn is_no_share(rate: Option<f64>) -> bool {
    match rate {
        Some(rate) => !(rate > 0.0 && rate <= 1.0),
        None => false,
    }
}
