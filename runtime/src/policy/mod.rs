//! Policies of retries and of circuit breakers: plain data, const-constructible.

mod breaker;
mod error;
mod schedule;
#[cfg(feature = "serde")]
pub(crate) mod serial;
mod total;

#[cfg(test)]
mod tests;

use core::time::Duration;

pub use breaker::{BreakerPolicy, BreakerPolicyError, OnCancel, Window};
pub use error::PolicyError;
pub use schedule::{Schedule, ScheduledWait};
#[cfg(feature = "serde")]
pub(crate) use serial::{optional_text, text};

use crate::backoff::{Backoff, Jitter, Strategy};

/// The bounds of a protected call and the waits between its attempts.
///
/// | setting | default | meaning |
/// |---|---|---|
/// | `timeout` | 300 s | wall clock for the whole call: attempts and waits |
/// | `attempt_timeout` | none | bound of each attempt |
/// | `max_retries` | 50 | retries after the first attempt; 0 means one attempt |
/// | `initial_wait` | 1 s | the first wait, before jitter |
/// | `max_wait` | 60 s | cap of every computed wait, jitter included |
/// | `strategy` | exponential | how waits grow |
/// | `multiplier` | 2.0 | factor of the exponential strategy |
/// | `jitter` | full | how waits are spread at random |
///
/// The setters are `const`, so that a policy can be a constant that call sites share. They do not check;
/// [`check`](Self::check) does.
///
/// ```
/// use core::time::Duration;
/// use wait_or_die::{Jitter, RetryPolicy};
///
/// const ORDERS: RetryPolicy = RetryPolicy::ORDER
///     .with_attempt_timeout(Duration::from_secs(2))
///     .with_jitter(Jitter::Equal);
///
/// assert_eq!(ORDERS.max_retries(), 5);
/// assert_eq!(ORDERS.check(), Ok(()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    timeout: Duration,
    attempt_timeout: Option<Duration>,
    max_retries: u32,
    backoff: Backoff,
}

/// Presets. All of them are exponential with factor 2 and full jitter, without a bound per attempt.
impl RetryPolicy {
    /// 300 s in all, 50 retries, waits from 1 s to 60 s: what the attribute uses when nothing is written.
    pub const DEFAULT: Self = Self {
        timeout: Duration::from_secs(300),
        attempt_timeout: None,
        max_retries: 50,
        backoff: Backoff::new(),
    };

    /// For a protocol that must outlast an outage of minutes: 300 s in all, 50 retries, waits from 1 s to 60 s.
    pub const PROTOCOL: Self = Self::DEFAULT;

    /// For messages through a gateway: 30 s in all, 10 retries, waits from 0.5 s to 5 s.
    pub const GATEWAY: Self = Self::preset(30, 10, 500, 5_000);

    /// For orders, which lose their worth quickly: 30 s in all, 5 retries, waits from 1 s to 10 s.
    pub const ORDER: Self = Self::preset(30, 5, 1_000, 10_000);

    /// For database statements, behind which a transaction may be held open: 30 s in all, 3 retries, waits
    /// from 0.1 s to 5 s.
    pub const DATABASE: Self = Self::preset(30, 3, 100, 5_000);

    /// For calls over the open network: 60 s in all, 5 retries, waits from 1 s to 30 s.
    pub const NETWORK: Self = Self::preset(60, 5, 1_000, 30_000);

    const fn preset(timeout_secs: u64, max_retries: u32, initial_ms: u64, max_ms: u64) -> Self {
        Self::DEFAULT
            .with_timeout(Duration::from_secs(timeout_secs))
            .with_max_retries(max_retries)
            .with_initial_wait(Duration::from_millis(initial_ms))
            .with_max_wait(Duration::from_millis(max_ms))
    }
}

impl RetryPolicy {
    /// The same as [`RetryPolicy::DEFAULT`].
    pub const fn new() -> Self {
        Self::DEFAULT
    }

    /// Sets the wall clock for the whole call, attempts and waits together; the default is 300 s.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the bound of each attempt; there is none by default.
    #[must_use]
    pub const fn with_attempt_timeout(mut self, attempt_timeout: Duration) -> Self {
        self.attempt_timeout = Some(attempt_timeout);
        self
    }

    /// Takes the bound of each attempt away.
    #[must_use]
    pub const fn without_attempt_timeout(mut self) -> Self {
        self.attempt_timeout = None;
        self
    }

    /// Sets the number of retries after the first attempt; the default is 50, and 0 means one attempt.
    #[must_use]
    pub const fn with_max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// Sets the first wait, before jitter; the default is 1 s. Zero means no waits at all.
    #[must_use]
    pub const fn with_initial_wait(mut self, initial_wait: Duration) -> Self {
        self.backoff = self.backoff.with_initial_wait(initial_wait);
        self
    }

    /// Sets the cap of every computed wait, jitter included; the default is 60 s.
    #[must_use]
    pub const fn with_max_wait(mut self, max_wait: Duration) -> Self {
        self.backoff = self.backoff.with_max_wait(max_wait);
        self
    }

    /// Sets how waits grow; the default is [`Strategy::Exponential`].
    #[must_use]
    pub const fn with_strategy(mut self, strategy: Strategy) -> Self {
        self.backoff = self.backoff.with_strategy(strategy);
        self
    }

    /// Sets the factor of [`Strategy::Exponential`]; the default is 2.
    #[must_use]
    pub const fn with_multiplier(mut self, multiplier: f64) -> Self {
        self.backoff = self.backoff.with_multiplier(multiplier);
        self
    }

    /// Sets how waits are spread at random; the default is [`Jitter::Full`].
    #[must_use]
    pub const fn with_jitter(mut self, jitter: Jitter) -> Self {
        self.backoff = self.backoff.with_jitter(jitter);
        self
    }

    /// Wall clock for the whole call: attempts and waits.
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The bound of each attempt, if there is one.
    pub const fn attempt_timeout(&self) -> Option<Duration> {
        self.attempt_timeout
    }

    /// Retries after the first attempt.
    pub const fn max_retries(&self) -> u32 {
        self.max_retries
    }

    /// The arithmetic of the waits.
    pub const fn backoff(&self) -> &Backoff {
        &self.backoff
    }

    /// The first wait, before jitter.
    pub const fn initial_wait(&self) -> Duration {
        self.backoff.initial_wait()
    }

    /// The cap of every computed wait, jitter included.
    pub const fn max_wait(&self) -> Duration {
        self.backoff.max_wait()
    }

    /// How waits grow.
    pub const fn strategy(&self) -> Strategy {
        self.backoff.strategy()
    }

    /// The factor of [`Strategy::Exponential`].
    pub const fn multiplier(&self) -> f64 {
        self.backoff.multiplier()
    }

    /// How waits are spread at random.
    pub const fn jitter(&self) -> Jitter {
        self.backoff.jitter()
    }

    /// Checks the settings against each other; for constants, at compile time.
    ///
    /// ```
    /// # use core::time::Duration;
    /// # use wait_or_die::{PolicyError, RetryPolicy};
    /// const POLICY: RetryPolicy = RetryPolicy::new().with_timeout(Duration::from_millis(500));
    /// assert_eq!(POLICY.check(), Err(PolicyError::InitialWaitAboveTimeout));
    /// ```
    ///
    /// # Errors
    /// The first rule that is broken, in the order of the variants of [`PolicyError`].
    pub const fn check(&self) -> Result<(), PolicyError> {
        let mut next = 0;
        while next < PolicyError::ALL.len() {
            if self.breaks(PolicyError::ALL[next]) {
                return Err(PolicyError::ALL[next]);
            }
            next += 1;
        }
        Ok(())
    }

    /// Whether one rule is broken, whatever becomes of the others.
    pub(crate) const fn breaks(&self, rule: PolicyError) -> bool {
        let timeout = self.timeout.as_nanos();
        let initial_wait = self.initial_wait().as_nanos();
        match rule {
            PolicyError::TimeoutNotPositive => timeout == 0,
            PolicyError::AttemptTimeoutNotPositive => match self.attempt_timeout {
                Some(limit) => limit.is_zero(),
                None => false,
            },
            PolicyError::AttemptTimeoutAboveTimeout => match self.attempt_timeout {
                Some(limit) => limit.as_nanos() > timeout,
                None => false,
            },
            // Without retries there is no first wait to fit in.
            PolicyError::InitialWaitAboveTimeout => self.max_retries > 0 && initial_wait > timeout,
            PolicyError::MaxWaitBelowInitialWait => self.max_wait().as_nanos() < initial_wait,
            PolicyError::MultiplierNotFinite => !self.multiplier().is_finite(),
            PolicyError::MultiplierBelowOne => self.multiplier() < 1.0,
        }
    }

    /// The waits before retries 1 to `max_retries`, each with its bounds, and their totals.
    ///
    /// ```
    /// # use core::time::Duration;
    /// # use wait_or_die::{Jitter, RetryPolicy};
    /// let policy = RetryPolicy::ORDER.with_jitter(Jitter::Equal); // 1 2 4 8 10
    /// let longest: Vec<u64> = policy.schedule().map(|wait| wait.max.as_secs()).collect();
    /// assert_eq!(longest, [1, 2, 4, 8, 10]);
    /// assert_eq!(policy.schedule().min_total(), Duration::from_millis(12_500));
    /// assert_eq!(policy.schedule().max_total(), Duration::from_secs(25));
    /// ```
    pub fn schedule(&self) -> Schedule {
        Schedule::new(self)
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::DEFAULT
    }
}
