//! What can be set for a call.

use core::time::Duration;

use super::SettingsRule;
use crate::retry::site::{Change, Function, Site};
use crate::{Jitter, RetryPolicy, Strategy};

/// What is set for a call, over what its attribute says.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, default))]
#[non_exhaustive]
pub struct CallSettings {
    /// Whether the call is protected; `false` makes it the plain function: one attempt, no bounds, no breaker, no event.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub enabled: Option<bool>,
    /// Wall clock for the whole call.
    #[cfg_attr(
        feature = "serde",
        serde(with = "super::serial", skip_serializing_if = "Option::is_none")
    )]
    pub timeout: Option<Duration>,
    /// Bound of each attempt; a plain `fn` cannot have one.
    #[cfg_attr(
        feature = "serde",
        serde(with = "super::serial", skip_serializing_if = "Option::is_none")
    )]
    pub attempt_timeout: Option<Duration>,
    /// Retries after the first attempt.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub max_retries: Option<u32>,
    /// The first wait, before jitter.
    #[cfg_attr(
        feature = "serde",
        serde(with = "super::serial", skip_serializing_if = "Option::is_none")
    )]
    pub initial_wait: Option<Duration>,
    /// Cap of every computed wait.
    #[cfg_attr(
        feature = "serde",
        serde(with = "super::serial", skip_serializing_if = "Option::is_none")
    )]
    pub max_wait: Option<Duration>,
    /// How waits grow; in place of a custom strategy too.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub strategy: Option<Strategy>,
    /// Factor of the exponential strategy.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub multiplier: Option<f64>,
    /// How waits are spread at random.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub jitter: Option<Jitter>,
}

/// Setters.
impl CallSettings {
    /// Nothing is set.
    pub const fn new() -> Self {
        Self {
            enabled: None,
            timeout: None,
            attempt_timeout: None,
            max_retries: None,
            initial_wait: None,
            max_wait: None,
            strategy: None,
            multiplier: None,
            jitter: None,
        }
    }

    /// Switches the protection on or off.
    #[must_use]
    pub const fn with_enabled(mut self, enabled: bool) -> Self {
        self.enabled = Some(enabled);
        self
    }

    /// Sets the wall clock for the whole call.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the bound of each attempt. One that is set here or written can be raised to `timeout`, which is none.
    #[must_use]
    pub const fn with_attempt_timeout(mut self, attempt_timeout: Duration) -> Self {
        self.attempt_timeout = Some(attempt_timeout);
        self
    }

    /// Sets the number of retries after the first attempt; 0 means one attempt.
    #[must_use]
    pub const fn with_max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = Some(max_retries);
        self
    }

    /// Sets the first wait, before jitter.
    #[must_use]
    pub const fn with_initial_wait(mut self, initial_wait: Duration) -> Self {
        self.initial_wait = Some(initial_wait);
        self
    }

    /// Sets the cap of every computed wait, jitter included.
    #[must_use]
    pub const fn with_max_wait(mut self, max_wait: Duration) -> Self {
        self.max_wait = Some(max_wait);
        self
    }

    /// Sets how waits grow, in place of a custom strategy too.
    #[must_use]
    pub const fn with_strategy(mut self, strategy: Strategy) -> Self {
        self.strategy = Some(strategy);
        self
    }

    /// Sets the factor of the exponential strategy.
    #[must_use]
    pub const fn with_multiplier(mut self, multiplier: f64) -> Self {
        self.multiplier = Some(multiplier);
        self
    }

    /// Sets how waits are spread at random.
    #[must_use]
    pub const fn with_jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = Some(jitter);
        self
    }
}

/// Where these settings alone decide, nothing else breaks a rule.
const LENIENT: RetryPolicy = RetryPolicy::DEFAULT
    .with_timeout(Duration::MAX)
    .with_max_retries(0)
    .with_initial_wait(Duration::ZERO)
    .with_max_wait(Duration::MAX);

impl CallSettings {
    /// Checks what holds whatever is written.
    pub(super) fn check_alone(&self) -> Result<(), SettingsRule> {
        Ok(self.over(LENIENT).check()?)
    }

    /// What these settings make of a site.
    pub(super) fn change(&self, site: &Site, function: Function) -> Result<Change, SettingsRule> {
        let written = site.written();
        let policy = self.over(written.policy);
        if !site.is_bounded() && self.sets_policy() {
            return Err(SettingsRule::NotRetried);
        }
        if function == Function::Plain && self.attempt_timeout.is_some() {
            return Err(SettingsRule::AttemptTimeoutOfPlainFn);
        }
        policy.check()?;
        Ok(Change {
            enabled: self.enabled.unwrap_or(written.enabled),
            policy,
            keeps_sequence: self.strategy.is_none(),
        })
    }

    fn sets_policy(&self) -> bool {
        let without = Self {
            enabled: None,
            ..*self
        };
        without != Self::new()
    }

    fn over(&self, base: RetryPolicy) -> RetryPolicy {
        let policy = base
            .with_timeout(self.timeout.unwrap_or(base.timeout()))
            .with_max_retries(self.max_retries.unwrap_or(base.max_retries()))
            .with_initial_wait(self.initial_wait.unwrap_or(base.initial_wait()))
            .with_max_wait(self.max_wait.unwrap_or(base.max_wait()))
            .with_strategy(self.strategy.unwrap_or(base.strategy()))
            .with_multiplier(self.multiplier.unwrap_or(base.multiplier()))
            .with_jitter(self.jitter.unwrap_or(base.jitter()));
        match self.attempt_timeout {
            Some(limit) => policy.with_attempt_timeout(limit),
            None => policy,
        }
    }
}
