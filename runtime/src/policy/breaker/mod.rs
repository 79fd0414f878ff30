//! The settings of a circuit breaker: plain data, const-constructible.

mod check;
mod error;
#[cfg(feature = "serde")]
mod serial;

#[cfg(test)]
mod tests;

use core::time::Duration;

pub use error::BreakerPolicyError;

/// What a breaker that counts rates looks back on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Window {
    /// The last so many calls, exactly.
    Calls(u32),
    /// The last stretch of time. It is kept in buckets of an eleventh of it; a call leaves with its
    /// bucket, no sooner than the window's length after it and no later than a tenth of it more.
    Time(Duration),
}

/// What it means for a breaker that a call is dropped before it has an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum OnCancel {
    /// Nothing: it is the caller who went away. A probe gives its place back.
    #[default]
    Ignore,
    /// A failure.
    Failure,
}

/// When a breaker opens, for how long, and what closes it again.
///
/// | setting | default | meaning |
/// |---|---|---|
/// | `failure_threshold` | 5 | so many failures in a row open it |
/// | `failure_rate` | none | in place of that: this share of the calls in `window` |
/// | `window` | 100 calls | what rates look back on: a number of calls or a time |
/// | `minimum_calls` | 10, or `window` if that is less | fewer calls in the window never open it |
/// | `slow_call` | none | a call that takes this long or longer is slow |
/// | `slow_call_rate` | 0.5 | with `slow_call`: this share of slow calls opens it too |
/// | `recovery_timeout` | 60 s | how long it stays open before it lets a probe through |
/// | `max_recovery_timeout` | none | lets that time grow with each reopening, jittered, up to this |
/// | `success_threshold` | 1; with rates: none | so many successful probes close it; the first failed one reopens it |
/// | `half_open_calls` | 1 | probes at a time; with rates and no `success_threshold`, the results that decide |
/// | `on_cancel` | ignore | what a call that is dropped half-way counts as |
///
/// `slow_call` and a `window` of time read the clock on every call; without them a call that succeeds reads none.
///
/// The setters are `const`, so that a policy can be a constant that call sites share. They do not check;
/// [`check`](Self::check) does.
///
/// ```
/// use core::time::Duration;
/// use wait_or_die::{BreakerPolicy, Window};
///
/// const SEARCH: BreakerPolicy = BreakerPolicy::new()
///     .with_failure_rate(0.5)
///     .with_window(Window::Time(Duration::from_secs(10)))
///     .with_minimum_calls(20);
///
/// assert_eq!(SEARCH.minimum_calls(), Some(20));
/// assert_eq!(SEARCH.failure_threshold(), None);
/// assert_eq!(SEARCH.check(), Ok(()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreakerPolicy {
    failure_threshold: u32,
    failure_rate: Option<f64>,
    window: Option<Window>,
    minimum_calls: Option<u32>,
    slow_call: Option<Duration>,
    slow_call_rate: Option<f64>,
    recovery_timeout: Duration,
    max_recovery_timeout: Option<Duration>,
    success_threshold: Option<u32>,
    half_open_calls: u32,
    on_cancel: OnCancel,
}

/// Presets.
impl BreakerPolicy {
    /// 5 failures in a row open it, for 60 s; one successful probe closes it.
    pub const DEFAULT: Self = Self {
        failure_threshold: 5,
        failure_rate: None,
        window: None,
        minimum_calls: None,
        slow_call: None,
        slow_call_rate: None,
        recovery_timeout: Duration::from_secs(60),
        max_recovery_timeout: None,
        success_threshold: None,
        half_open_calls: 1,
        on_cancel: OnCancel::Ignore,
    };

    /// For a database, whose pool is soon exhausted when it hangs: 3 failures in a row open it, for 60 s.
    pub const DATABASE: Self = Self::DEFAULT.with_failure_threshold(3);

    /// For services over the open network, whose outages are long: 5 failures in a row open it, for 60 s, growing to
    /// 5 minutes while it keeps failing.
    pub const NETWORK: Self = Self::DEFAULT.with_max_recovery_timeout(Duration::from_secs(300));
}

/// Setters.
impl BreakerPolicy {
    /// The same as [`BreakerPolicy::DEFAULT`].
    pub const fn new() -> Self {
        Self::DEFAULT
    }

    /// Opens after so many failures in a row; the default is 5. Takes `failure_rate` and all that belongs to it away.
    #[must_use]
    pub const fn with_failure_threshold(mut self, failures: u32) -> Self {
        self.failure_threshold = failures;
        self.failure_rate = None;
        self.window = None;
        self.minimum_calls = None;
        self.slow_call = None;
        self.slow_call_rate = None;
        self
    }

    /// Opens at this share of failures in the window, above 0 and at most 1, in place of `failure_threshold`.
    #[must_use]
    pub const fn with_failure_rate(mut self, rate: f64) -> Self {
        self.failure_threshold = Self::DEFAULT.failure_threshold;
        self.failure_rate = Some(rate);
        self
    }

    /// Sets what rates look back on; the default is 100 calls. Needs `failure_rate`.
    #[must_use]
    pub const fn with_window(mut self, window: Window) -> Self {
        self.window = Some(window);
        self
    }

    /// Sets the number of calls in the window below which no rate counts; the default is 10, or the window's calls if
    /// they are fewer. Needs `failure_rate`.
    #[must_use]
    pub const fn with_minimum_calls(mut self, calls: u32) -> Self {
        self.minimum_calls = Some(calls);
        self
    }

    /// Sets the time from which a call is slow; by default none is. Needs `failure_rate`.
    #[must_use]
    pub const fn with_slow_call(mut self, slow_call: Duration) -> Self {
        self.slow_call = Some(slow_call);
        self
    }

    /// Sets the share of slow calls that opens, above 0 and at most 1; the default is 0.5. Needs `slow_call`.
    #[must_use]
    pub const fn with_slow_call_rate(mut self, rate: f64) -> Self {
        self.slow_call_rate = Some(rate);
        self
    }

    /// Sets how long the breaker stays open before it lets a probe through; the default is 60 s.
    #[must_use]
    pub const fn with_recovery_timeout(mut self, recovery_timeout: Duration) -> Self {
        self.recovery_timeout = recovery_timeout;
        self
    }

    /// Lets the time that the breaker stays open double with each reopening, jittered, up to this; by default it does
    /// not grow.
    ///
    /// The first opening lasts `recovery_timeout`. The n-th reopening in a row lasts between a half and the whole of
    /// `recovery_timeout` * 2^n, capped, and never less than `recovery_timeout`.
    #[must_use]
    pub const fn with_max_recovery_timeout(mut self, max_recovery_timeout: Duration) -> Self {
        self.max_recovery_timeout = Some(max_recovery_timeout);
        self
    }

    /// Sets how many successful probes close the breaker, the first failed one reopening it. By default one; with
    /// `failure_rate` the rates of `half_open_calls` results decide instead.
    #[must_use]
    pub const fn with_success_threshold(mut self, successes: u32) -> Self {
        self.success_threshold = Some(successes);
        self
    }

    /// Sets how many probes may be under way at a time; the default is 1.
    #[must_use]
    pub const fn with_half_open_calls(mut self, calls: u32) -> Self {
        self.half_open_calls = calls;
        self
    }

    /// Sets what a call that is dropped half-way counts as; the default is nothing.
    #[must_use]
    pub const fn with_on_cancel(mut self, on_cancel: OnCancel) -> Self {
        self.on_cancel = on_cancel;
        self
    }
}

/// What holds, defaults included.
impl BreakerPolicy {
    /// The failures in a row that open the breaker; none if rates do.
    pub const fn failure_threshold(&self) -> Option<u32> {
        match self.failure_rate {
            None => Some(self.failure_threshold),
            Some(_) => None,
        }
    }

    /// The share of failures that opens the breaker, if rates do.
    pub const fn failure_rate(&self) -> Option<f64> {
        self.failure_rate
    }

    /// What rates look back on, if rates open the breaker.
    pub const fn window(&self) -> Option<Window> {
        match (self.failure_rate, self.window) {
            (None, _) => None,
            (Some(_), None) => Some(Self::DEFAULT_WINDOW),
            (Some(_), window) => window,
        }
    }

    /// The calls below which no rate counts, if rates open the breaker.
    pub const fn minimum_calls(&self) -> Option<u32> {
        match (self.window(), self.minimum_calls) {
            (None, _) => None,
            (_, Some(calls)) => Some(calls),
            (Some(Window::Calls(calls)), None) if calls < Self::DEFAULT_MINIMUM_CALLS => {
                Some(calls)
            }
            (Some(_), None) => Some(Self::DEFAULT_MINIMUM_CALLS),
        }
    }

    /// The time from which a call is slow, if that counts.
    pub const fn slow_call(&self) -> Option<Duration> {
        self.slow_call
    }

    /// The share of slow calls that opens the breaker, if slow calls count.
    pub const fn slow_call_rate(&self) -> Option<f64> {
        match (self.slow_call, self.slow_call_rate) {
            (None, _) => None,
            (Some(_), None) => Some(Self::DEFAULT_SLOW_CALL_RATE),
            (Some(_), rate) => rate,
        }
    }

    /// How long the breaker stays open before it lets a probe through.
    pub const fn recovery_timeout(&self) -> Duration {
        self.recovery_timeout
    }

    /// What that time may grow to, if it grows.
    pub const fn max_recovery_timeout(&self) -> Option<Duration> {
        self.max_recovery_timeout
    }

    /// The successful probes that close the breaker; none where the rates of `half_open_calls` results decide.
    pub const fn success_threshold(&self) -> Option<u32> {
        match (self.failure_rate, self.success_threshold) {
            (None, None) => Some(1),
            (_, successes) => successes,
        }
    }

    /// How many probes may be under way at a time.
    pub const fn half_open_calls(&self) -> u32 {
        self.half_open_calls
    }

    /// What a call that is dropped half-way counts as.
    pub const fn on_cancel(&self) -> OnCancel {
        self.on_cancel
    }
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self::DEFAULT
    }
}
