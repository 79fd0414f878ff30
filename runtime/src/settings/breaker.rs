//! What can be set for a breaker.

use core::time::Duration;

use super::SettingsRule;
use crate::{BreakerPolicy, BreakerPolicyError, OnCancel, Window};

/// What is set for the breakers of a name, over what is declared.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, default))]
#[non_exhaustive]
pub struct BreakerSettings {
    /// Whether the breaker works; `false` disables it: every call passes and nothing is counted.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub enabled: Option<bool>,
    /// So many failures in a row open it; in place of rates, if those are declared.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub failure_threshold: Option<u32>,
    /// This share of failures opens it; in place of `failure_threshold`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub failure_rate: Option<f64>,
    /// What rates look back on.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub window: Option<Window>,
    /// The calls in the window below which no rate counts.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub minimum_calls: Option<u32>,
    /// The time from which a call is slow.
    #[cfg_attr(
        feature = "serde",
        serde(with = "super::serial", skip_serializing_if = "Option::is_none")
    )]
    pub slow_call: Option<Duration>,
    /// The share of slow calls that opens it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub slow_call_rate: Option<f64>,
    /// How long it stays open before it lets a probe through.
    #[cfg_attr(
        feature = "serde",
        serde(with = "super::serial", skip_serializing_if = "Option::is_none")
    )]
    pub recovery_timeout: Option<Duration>,
    /// What that time may grow to.
    #[cfg_attr(
        feature = "serde",
        serde(with = "super::serial", skip_serializing_if = "Option::is_none")
    )]
    pub max_recovery_timeout: Option<Duration>,
    /// So many successful probes close it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub success_threshold: Option<u32>,
    /// Probes at a time.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub half_open_calls: Option<u32>,
    /// What a call that is dropped half-way counts as.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub on_cancel: Option<OnCancel>,
}

/// Setters.
impl BreakerSettings {
    /// Nothing is set.
    pub const fn new() -> Self {
        Self {
            enabled: None,
            failure_threshold: None,
            failure_rate: None,
            window: None,
            minimum_calls: None,
            slow_call: None,
            slow_call_rate: None,
            recovery_timeout: None,
            max_recovery_timeout: None,
            success_threshold: None,
            half_open_calls: None,
            on_cancel: None,
        }
    }

    /// Switches the breaker on or off.
    #[must_use]
    pub const fn with_enabled(mut self, enabled: bool) -> Self {
        self.enabled = Some(enabled);
        self
    }

    /// Opens after so many failures in a row, in place of rates if those are declared.
    #[must_use]
    pub const fn with_failure_threshold(mut self, failure_threshold: u32) -> Self {
        self.failure_threshold = Some(failure_threshold);
        self
    }

    /// Opens at this share of failures, in place of `failure_threshold`.
    #[must_use]
    pub const fn with_failure_rate(mut self, failure_rate: f64) -> Self {
        self.failure_rate = Some(failure_rate);
        self
    }

    /// Sets what rates look back on.
    #[must_use]
    pub const fn with_window(mut self, window: Window) -> Self {
        self.window = Some(window);
        self
    }

    /// Sets the calls in the window below which no rate counts.
    #[must_use]
    pub const fn with_minimum_calls(mut self, minimum_calls: u32) -> Self {
        self.minimum_calls = Some(minimum_calls);
        self
    }

    /// Sets the time from which a call is slow.
    #[must_use]
    pub const fn with_slow_call(mut self, slow_call: Duration) -> Self {
        self.slow_call = Some(slow_call);
        self
    }

    /// Sets the share of slow calls that opens the breaker.
    #[must_use]
    pub const fn with_slow_call_rate(mut self, slow_call_rate: f64) -> Self {
        self.slow_call_rate = Some(slow_call_rate);
        self
    }

    /// Sets how long the breaker stays open before it lets a probe through.
    #[must_use]
    pub const fn with_recovery_timeout(mut self, recovery_timeout: Duration) -> Self {
        self.recovery_timeout = Some(recovery_timeout);
        self
    }

    /// Sets what the recovery time may grow to.
    #[must_use]
    pub const fn with_max_recovery_timeout(mut self, max_recovery_timeout: Duration) -> Self {
        self.max_recovery_timeout = Some(max_recovery_timeout);
        self
    }

    /// Sets how many successful probes close the breaker.
    #[must_use]
    pub const fn with_success_threshold(mut self, success_threshold: u32) -> Self {
        self.success_threshold = Some(success_threshold);
        self
    }

    /// Sets how many probes may be under way at a time.
    #[must_use]
    pub const fn with_half_open_calls(mut self, half_open_calls: u32) -> Self {
        self.half_open_calls = Some(half_open_calls);
        self
    }

    /// Sets what a call that is dropped half-way counts as.
    #[must_use]
    pub const fn with_on_cancel(mut self, on_cancel: OnCancel) -> Self {
        self.on_cancel = Some(on_cancel);
        self
    }
}

/// Where these settings alone decide, nothing else breaks a rule.
const LENIENT: BreakerPolicy = BreakerPolicy::DEFAULT
    .with_failure_rate(1.0)
    .with_window(Window::Time(Duration::from_secs(3600)))
    .with_slow_call(Duration::MAX)
    .with_recovery_timeout(Duration::from_nanos(1));

impl BreakerSettings {
    /// Checks what holds whatever is declared.
    pub(super) fn check_alone(&self) -> Result<(), SettingsRule> {
        self.policy(&LENIENT).map(drop)
    }

    /// Whether these settings switch the breaker off.
    pub(super) fn is_off(&self) -> bool {
        self.enabled == Some(false)
    }

    /// What these settings make of declared ones.
    pub(super) fn policy(&self, declared: &BreakerPolicy) -> Result<BreakerPolicy, SettingsRule> {
        if self.failure_threshold.is_some() && self.failure_rate.is_some() {
            return Err(BreakerPolicyError::ThresholdBesideRate.into());
        }
        let mut policy = *declared;
        // First what opens it: that takes away what belongs to the other way.
        set(
            &mut policy,
            self.failure_threshold,
            BreakerPolicy::with_failure_threshold,
        );
        set(
            &mut policy,
            self.failure_rate,
            BreakerPolicy::with_failure_rate,
        );
        set(&mut policy, self.window, BreakerPolicy::with_window);
        set(
            &mut policy,
            self.minimum_calls,
            BreakerPolicy::with_minimum_calls,
        );
        set(&mut policy, self.slow_call, BreakerPolicy::with_slow_call);
        set(
            &mut policy,
            self.slow_call_rate,
            BreakerPolicy::with_slow_call_rate,
        );
        set(
            &mut policy,
            self.recovery_timeout,
            BreakerPolicy::with_recovery_timeout,
        );
        set(
            &mut policy,
            self.max_recovery_timeout,
            BreakerPolicy::with_max_recovery_timeout,
        );
        set(
            &mut policy,
            self.success_threshold,
            BreakerPolicy::with_success_threshold,
        );
        set(
            &mut policy,
            self.half_open_calls,
            BreakerPolicy::with_half_open_calls,
        );
        set(&mut policy, self.on_cancel, BreakerPolicy::with_on_cancel);
        policy.check()?;
        Ok(policy)
    }
}

fn set<T>(
    policy: &mut BreakerPolicy,
    value: Option<T>,
    setter: fn(BreakerPolicy, T) -> BreakerPolicy,
) {
    if let Some(value) = value {
        *policy = setter(*policy, value);
    }
}
