//! The error of a call that has none of its own.

mod config;
mod rejected;
mod timed_out;

#[cfg(test)]
mod tests;

use core::fmt;
use core::time::Duration;
use std::io;

pub use config::ConfigError;
#[cfg(not(loom))]
pub(crate) use config::Difference;
pub use rejected::Rejected;
pub(crate) use rejected::RejectedParts;
pub(crate) use timed_out::TimedOutParts;
pub use timed_out::{Bound, TimedOut};

use crate::breaker::State;
use crate::{SafeText, TraceId};

/// Why a call died where its body left no error to tell it by.
///
/// A call that fails in any other way gives the body's own error, untouched. This one reaches the
/// caller by `E: From<wait_or_die::Error>`, which holds for `anyhow::Error`, `eyre::Report`,
/// `Box<dyn std::error::Error + Send + Sync>`, [`std::io::Error`] (of the kind in the table, with the error
/// inside it, where `get_ref` finds it) and an enum with a variant such as
///
/// ```
/// #[derive(Debug, thiserror::Error)]
/// enum PushError {
///     #[error(transparent)]
///     WaitOrDie(#[from] wait_or_die::Error),
///     // ..
/// }
/// ```
///
/// `Display` gives one line with all that the getters give. It has no `source()`: of the errors
/// before it, only the redacted text of the last is kept.
///
/// To an outer call and an outer breaker it is as its own [`Classify`](crate::Classify) says. An outer call never
/// retries what an inner call has given up, and a rejection says nothing of what an outer breaker guards:
///
/// | variant | verdict | outer breaker | kind of the `io::Error` |
/// |---|---|---|---|
/// | `TimedOut` | fault | failure: the dependency gave no answer in time | `TimedOut` |
/// | `Rejected` | ignore | nothing | `ConnectionRefused` |
/// | `Config` | ignore | nothing | `InvalidInput` |
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A deadline cut off the attempt that was running.
    #[error(transparent)]
    TimedOut(TimedOut),
    /// A circuit breaker did not let the attempt pass.
    #[error(transparent)]
    Rejected(Rejected),
    /// The settings of a named breaker contradict each other.
    #[error(transparent)]
    Config(ConfigError),
}

impl Error {
    /// The name of the operation that died: its `name`, or its module path and function. `None` where there was no
    /// annotated call: of `Config`, and where a [`Breaker`](crate::Breaker) was asked by hand.
    pub fn operation(&self) -> Option<&'static str> {
        match self {
            Self::TimedOut(timed_out) => Some(timed_out.operation()),
            Self::Rejected(rejected) => rejected.operation(),
            Self::Config(_) => None,
        }
    }

    /// The bound that was reached, if it was one that the call died of.
    pub fn bound(&self) -> Option<Bound> {
        self.timed_out().map(TimedOut::bound)
    }

    /// What that bound is set to.
    pub fn limit(&self) -> Option<Duration> {
        self.timed_out().map(TimedOut::limit)
    }

    /// Whether an attempt was running when the deadline came, so that its outcome is not known. False
    /// where the deadline passed before the next attempt could start, and of every other variant: then the last error
    /// is the dependency's last word.
    pub fn in_flight(&self) -> bool {
        self.timed_out().is_some_and(TimedOut::in_flight)
    }

    /// How many attempts were started, one that was cut off included; one that was rejected was never started. Zero
    /// of `Config`.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::TimedOut(timed_out) => timed_out.attempts(),
            Self::Rejected(rejected) => rejected.attempts(),
            Self::Config(_) => 0,
        }
    }

    /// The time since the call's clock started. Zero of `Config`, and where it had not started.
    pub fn elapsed(&self) -> Duration {
        match self {
            Self::TimedOut(timed_out) => timed_out.elapsed(),
            Self::Rejected(rejected) => rejected.elapsed(),
            Self::Config(_) => Duration::ZERO,
        }
    }

    /// The call's identifier, the same as in its events; `None` of `Config`, where no call began.
    pub fn trace_id(&self) -> Option<TraceId> {
        match self {
            Self::TimedOut(timed_out) => Some(timed_out.trace_id()),
            Self::Rejected(rejected) => Some(rejected.trace_id()),
            Self::Config(_) => None,
        }
    }

    /// What the last attempt that had an outcome failed with: the error's text after redaction. `None` if there was
    /// no such attempt.
    pub fn last_error(&self) -> Option<&SafeText> {
        match self {
            Self::TimedOut(timed_out) => timed_out.last_error(),
            Self::Rejected(rejected) => rejected.last_error(),
            Self::Config(_) => None,
        }
    }

    /// The name of the breaker that rejected the call or whose settings are at fault.
    pub fn breaker(&self) -> Option<&str> {
        match self {
            Self::TimedOut(_) => None,
            Self::Rejected(rejected) => Some(rejected.breaker().as_str()),
            Self::Config(config) => Some(config.breaker().as_str()),
        }
    }

    /// The state of the breaker that rejected the call.
    pub fn state(&self) -> Option<State> {
        self.rejected().map(Rejected::state)
    }

    /// After a rejection: the time after which the breaker may let a call pass, if time alone can bring that about.
    pub fn retry_in(&self) -> Option<Duration> {
        self.rejected().and_then(Rejected::retry_in)
    }

    const fn timed_out(&self) -> Option<&TimedOut> {
        match self {
            Self::TimedOut(timed_out) => Some(timed_out),
            Self::Rejected(_) | Self::Config(_) => None,
        }
    }

    const fn rejected(&self) -> Option<&Rejected> {
        match self {
            Self::Rejected(rejected) => Some(rejected),
            Self::TimedOut(_) | Self::Config(_) => None,
        }
    }
}

/// A number of attempts in words.
pub(crate) struct Attempts(pub(crate) u32);

impl fmt::Display for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} attempt{plural}", self.0)
    }
}

/// The duration in whole milliseconds, where it has any: nine decimals tell a reader nothing.
pub(crate) fn readable(elapsed: Duration) -> Duration {
    if elapsed < Duration::from_millis(1) {
        return elapsed;
    }
    let below = elapsed.subsec_nanos() % 1_000_000;
    elapsed.saturating_sub(Duration::from_nanos(below.into()))
}

/// Kind `TimedOut`, `ConnectionRefused` or `InvalidInput`, with the error inside it: `get_ref` and `downcast` find it
/// there.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        let kind = match error {
            Error::TimedOut(_) => io::ErrorKind::TimedOut,
            Error::Rejected(_) => io::ErrorKind::ConnectionRefused,
            Error::Config(_) => io::ErrorKind::InvalidInput,
        };
        Self::new(kind, error)
    }
}
