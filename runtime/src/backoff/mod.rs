//! How long to wait before a retry: arithmetic without clock, state or randomness.
//!
//! [`Backoff`] turns the number of a retry into a wait. The caller brings the random draw and remembers the previous
//! wait, so that every value can be computed again by hand or by a test. Waits are whole nanoseconds; the strategies
//! are exact, except [`Strategy::Exponential`] with a fractional multiplier, which is rounded to the nearest
//! nanosecond.
//!
//! Strategies that are not in the table are written as functions; see [`WaitSequence`] and [`CustomStrategy`].

mod custom;
mod growth;
mod jitter;

#[cfg(test)]
mod tests;

use core::fmt;
use core::time::Duration;

pub use custom::{CustomStrategy, PerCall, PerRetry, WaitSequence};
pub(crate) use growth::{duration, power, scale};

/// How waits grow from retry to retry, before jitter and below `max_wait`.
///
/// | strategy | waits for `initial_wait = "1s"` | wait before retry `n` |
/// |---|---|---|
/// | `Fixed` | 1 1 1 1 1 | `initial_wait` |
/// | `Linear` | 1 2 3 4 5 | `initial_wait * n` |
/// | `Exponential` | 1 2 4 8 16 | `initial_wait * multiplier^(n - 1)` |
/// | `Fibonacci` | 1 1 2 3 5 | `initial_wait * F(n)`, with `F(1) = F(2) = 1` |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Strategy {
    /// The same wait each time.
    Fixed,
    /// Each wait is `initial_wait` longer than the one before.
    Linear,
    /// Each wait is `multiplier` times the one before. The default.
    #[default]
    Exponential,
    /// Each wait is the sum of the two before; grows by about 1.618 per retry.
    Fibonacci,
}

impl Strategy {
    /// The name as written in the attribute and in configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Linear => "linear",
            Self::Exponential => "exponential",
            Self::Fibonacci => "fibonacci",
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How a wait is spread at random, so that callers that failed together do not come back together.
///
/// The formulas are those of Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. `term` is the
/// strategy's wait below `max_wait`, `draw` is uniform in 0 to 1.
///
/// | jitter | wait |
/// |---|---|
/// | `None` | `term` |
/// | `Full` | `draw * term` |
/// | `Equal` | `term / 2 + draw * term / 2` |
/// | `Decorrelated` | `initial_wait + draw * (3 * previous - initial_wait)` |
///
/// `previous` is the wait computed for the retry before, and `initial_wait` for the first one. `Decorrelated` grows by
/// itself: it uses neither the strategy nor the multiplier. `max_wait` caps the result of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Jitter {
    /// No randomness: the term itself.
    None,
    /// Anything from nothing to the term. The default, and the one that adds the least load under contention.
    #[default]
    Full,
    /// Half of the term for certain, the other half at random.
    Equal,
    /// From `initial_wait` to three times the previous wait.
    Decorrelated,
}

impl Jitter {
    /// The name as written in the attribute and in configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Full => "full",
            Self::Equal => "equal",
            Self::Decorrelated => "decorrelated",
        }
    }
}

impl fmt::Display for Jitter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The arithmetic of waits: a strategy, its first wait, its cap and its jitter.
///
/// Plain data, const-constructible. No combination of values panics or overflows: results saturate at `max_wait`.
/// Settings that make no sense together are refused by [`RetryPolicy::check`](crate::RetryPolicy::check), not here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    strategy: Strategy,
    initial_wait: Duration,
    max_wait: Duration,
    multiplier: f64,
    jitter: Jitter,
}

impl Backoff {
    /// Exponential from one second by a factor of 2, capped at 60 seconds, with full jitter.
    pub const fn new() -> Self {
        Self {
            strategy: Strategy::Exponential,
            initial_wait: Duration::from_secs(1),
            max_wait: Duration::from_secs(60),
            multiplier: 2.0,
            jitter: Jitter::Full,
        }
    }

    /// Sets how waits grow; the default is [`Strategy::Exponential`].
    #[must_use]
    pub const fn with_strategy(mut self, strategy: Strategy) -> Self {
        self.strategy = strategy;
        self
    }

    /// Sets the first wait; the default is 1 s. Zero makes every wait zero, with every strategy and jitter.
    #[must_use]
    pub const fn with_initial_wait(mut self, initial_wait: Duration) -> Self {
        self.initial_wait = initial_wait;
        self
    }

    /// Sets the cap of every wait, jitter included; the default is 60 s.
    #[must_use]
    pub const fn with_max_wait(mut self, max_wait: Duration) -> Self {
        self.max_wait = max_wait;
        self
    }

    /// Sets the factor of [`Strategy::Exponential`]; the default is 2. Below one, or not a number, it counts as one.
    #[must_use]
    pub const fn with_multiplier(mut self, multiplier: f64) -> Self {
        self.multiplier = multiplier;
        self
    }

    /// Sets how waits are spread at random; the default is [`Jitter::Full`].
    #[must_use]
    pub const fn with_jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = jitter;
        self
    }

    /// How waits grow.
    pub const fn strategy(&self) -> Strategy {
        self.strategy
    }

    /// The first wait, before jitter.
    pub const fn initial_wait(&self) -> Duration {
        self.initial_wait
    }

    /// The cap of every wait, jitter included.
    pub const fn max_wait(&self) -> Duration {
        self.max_wait
    }

    /// The factor of [`Strategy::Exponential`].
    pub const fn multiplier(&self) -> f64 {
        self.multiplier
    }

    /// How waits are spread at random.
    pub const fn jitter(&self) -> Jitter {
        self.jitter
    }

    /// The wait before retry number `retry`, before jitter, capped by `max_wait`.
    ///
    /// Retries count from 1; 0 is taken as 1. Constant time, or at most 190 additions for Fibonacci.
    ///
    /// ```
    /// use core::time::Duration;
    /// use wait_or_die::backoff::{Backoff, Strategy};
    ///
    /// let backoff = Backoff::new().with_strategy(Strategy::Fibonacci);
    /// let secs: Vec<u64> = (1..=5).map(|retry| backoff.term(retry).as_secs()).collect();
    /// assert_eq!(secs, [1, 1, 2, 3, 5]);
    /// assert_eq!(backoff.term(u32::MAX), Duration::from_secs(60));
    /// ```
    pub fn term(&self, retry: u32) -> Duration {
        duration(self.term_nanos(retry))
    }

    /// The wait before retry number `retry`, jitter included, capped by `max_wait`.
    ///
    /// - `retry` counts from 1; 0 is taken as 1.
    /// - `previous` is the last computed wait, `initial_wait` before the first; only [`Jitter::Decorrelated`] reads it.
    /// - `draw` is the random number. It is clamped to 0 to 1; NaN counts as 1, because too long a wait does less harm
    ///   than none.
    ///
    /// ```
    /// use core::time::Duration;
    /// use wait_or_die::backoff::Backoff;
    ///
    /// let backoff = Backoff::new(); // full jitter
    /// let previous = backoff.initial_wait();
    /// assert_eq!(backoff.wait(3, previous, 1.0), Duration::from_secs(4));
    /// assert_eq!(backoff.wait(3, previous, 0.25), Duration::from_secs(1));
    /// ```
    pub fn wait(&self, retry: u32, previous: Duration, draw: f64) -> Duration {
        let nanos = match self.jitter {
            Jitter::Decorrelated => {
                jitter::decorrelated(self.initial_wait.as_nanos(), previous.as_nanos(), draw)
            }
            kind => jitter::spread(kind, self.term_nanos(retry), draw),
        };
        duration(nanos.min(self.max_wait.as_nanos()))
    }

    /// Cap and jitter for a wait that a custom strategy computed.
    ///
    /// As [`wait`](Self::wait), with `term` in place of the strategy's. A custom strategy keeps its own history, so
    /// [`Jitter::Decorrelated`], which replaces the term, acts as [`Jitter::Full`] here.
    pub fn shape(&self, term: Duration, draw: f64) -> Duration {
        let term = term.min(self.max_wait).as_nanos();
        duration(jitter::spread(self.jitter, term, draw))
    }

    /// The shortest and the longest wait that jitter can make before retry number `retry`.
    pub fn bounds(&self, retry: u32) -> (Duration, Duration) {
        let cap = self.max_wait.as_nanos();
        let (min, max) = match self.jitter {
            Jitter::Decorrelated => self.decorrelated_bounds(retry),
            kind => jitter::bounds(kind, self.term_nanos(retry)),
        };
        (duration(min.min(cap)), duration(max.min(cap)))
    }

    fn term_nanos(&self, retry: u32) -> u128 {
        let retry = retry.max(1);
        let initial = self.initial_wait.as_nanos();
        let term = match self.strategy {
            Strategy::Fixed => initial,
            Strategy::Linear => initial.saturating_mul(u128::from(retry)),
            Strategy::Exponential => growth::exponential(initial, self.multiplier, retry - 1),
            Strategy::Fibonacci => initial.saturating_mul(growth::fibonacci(retry)),
        };
        term.min(self.max_wait.as_nanos())
    }

    /// Longest case: each wait was three times the one before, so that retry `n` waits `initial_wait * 3^n`.
    fn decorrelated_bounds(&self, retry: u32) -> (u128, u128) {
        let initial = self.initial_wait.as_nanos();
        (initial, growth::exponential(initial, 3.0, retry.max(1)))
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new()
    }
}
