//! The error of a call that has none of its own.

use core::fmt;
use core::time::Duration;
use std::io;

use crate::{SafeText, TraceId};

/// Why a call died where its body left no error to tell it by.
///
/// A call that fails in any other way gives the body's own error, untouched. This one reaches the
/// caller by `E: From<wait_or_die::Error>`, which holds for `anyhow::Error`, `eyre::Report`,
/// `Box<dyn std::error::Error + Send + Sync>`, [`std::io::Error`] (kind `TimedOut`, with the error
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
/// Its own [`Classify`](crate::Classify) verdict is permanent, so an outer call never retries what
/// an inner call has given up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A deadline cut off the attempt that was running.
    #[error(transparent)]
    TimedOut(TimedOut),
}

/// A deadline cut off the attempt that was running, whose outcome is therefore not known, or had
/// passed when a wait ended.
///
/// One machine word wide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimedOut(Box<TimedOutParts>);

/// What a [`TimedOut`] is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TimedOutParts {
    pub(crate) operation: &'static str,
    pub(crate) bound: Bound,
    pub(crate) limit: Duration,
    pub(crate) in_flight: bool,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) trace_id: TraceId,
    pub(crate) last_error: Option<SafeText>,
}

/// The bound that cut a call off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Bound {
    /// `timeout`: the whole call, attempts and waits.
    Timeout,
    /// `attempt_timeout`: one attempt.
    AttemptTimeout,
}

impl Bound {
    /// The name of the option that sets the bound.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::AttemptTimeout => "attempt_timeout",
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Error {
    /// The name of the operation that died: its `name`, or its module path and function.
    pub fn operation(&self) -> &'static str {
        self.timed_out().operation()
    }

    /// The bound that was reached, if it was one that the call died of.
    pub fn bound(&self) -> Option<Bound> {
        Some(self.timed_out().bound())
    }

    /// What that bound is set to.
    pub fn limit(&self) -> Option<Duration> {
        Some(self.timed_out().limit())
    }

    /// Whether an attempt was running when the deadline came, so that its outcome is not known. False
    /// where the deadline passed before the next attempt could start: then the last error is the
    /// dependency's last word.
    pub fn in_flight(&self) -> bool {
        self.timed_out().in_flight()
    }

    /// How many attempts were started, the one that was cut off included.
    pub fn attempts(&self) -> u32 {
        self.timed_out().attempts()
    }

    /// The time since the call's clock started.
    pub fn elapsed(&self) -> Duration {
        self.timed_out().elapsed()
    }

    /// The call's identifier, the same as in its events.
    pub fn trace_id(&self) -> TraceId {
        self.timed_out().trace_id()
    }

    /// What the attempt before the one that was cut off failed with: the error's text after
    /// redaction. `None` if there was no attempt before it.
    pub fn last_error(&self) -> Option<&SafeText> {
        self.timed_out().last_error()
    }

    fn timed_out(&self) -> &TimedOut {
        let Self::TimedOut(timed_out) = self;
        timed_out
    }
}

impl TimedOut {
    pub(crate) fn new(parts: TimedOutParts) -> Self {
        Self(Box::new(parts))
    }

    /// The name of the operation that died: its `name`, or its module path and function.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The bound that was reached.
    pub fn bound(&self) -> Bound {
        self.0.bound
    }

    /// What the bound is set to.
    pub fn limit(&self) -> Duration {
        self.0.limit
    }

    /// Whether an attempt was running when the deadline came, so that its outcome is not known.
    pub fn in_flight(&self) -> bool {
        self.0.in_flight
    }

    /// How many attempts were started, the one that was cut off included.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The time since the call's clock started.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The call's identifier, the same as in its events.
    pub fn trace_id(&self) -> TraceId {
        self.0.trace_id
    }

    /// What the attempt before the one that was cut off failed with: the error's text after
    /// redaction. `None` if there was no attempt before it.
    pub fn last_error(&self) -> Option<&SafeText> {
        self.0.last_error.as_ref()
    }
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &*self.0;
        let (before, after) = if parts.in_flight {
            ("no answer within ", "")
        } else {
            ("", " passed before the next attempt could start,")
        };
        write!(
            f,
            "`{}` timed out: {before}{:?} ({}){after} after {} attempt{}, {:?} in all",
            parts.operation,
            parts.limit,
            parts.bound,
            parts.attempts,
            if parts.attempts == 1 { "" } else { "s" },
            readable(parts.elapsed),
        )?;
        if let Some(text) = &parts.last_error {
            write!(f, "; last error: {text}")?;
        }
        write!(f, "; trace {}", parts.trace_id)
    }
}

impl std::error::Error for TimedOut {}

/// The duration in whole milliseconds, where it has any: nine decimals tell a reader nothing.
fn readable(elapsed: Duration) -> Duration {
    if elapsed < Duration::from_millis(1) {
        return elapsed;
    }
    let below = elapsed.subsec_nanos() % 1_000_000;
    elapsed.saturating_sub(Duration::from_nanos(below.into()))
}

/// Kind `TimedOut`, with the error inside it: `get_ref` and `downcast` find it there.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::TimedOut(_) => Self::new(io::ErrorKind::TimedOut, error),
        }
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::{Bound, Error, TimedOut, TimedOutParts, readable};
    use crate::{SafeText, TraceId};

    #[test]
    fn the_line_that_is_printed() {
        let parts = TimedOutParts {
            operation: "app::push_page",
            bound: Bound::Timeout,
            limit: Duration::from_secs(30),
            in_flight: true,
            attempts: 4,
            elapsed: Duration::from_nanos(31_200_456_789),
            trace_id: TraceId::from_random(0x4bf9_2f35_77b3_4da6),
            last_error: Some(SafeText::from("connection reset")),
        };
        assert_eq!(
            Error::TimedOut(TimedOut::new(parts)).to_string(),
            "`app::push_page` timed out: no answer within 30s (timeout) after 4 attempts, 31.2s in all; \
             last error: connection reset; trace 00000000000000004bf92f3577b34da6"
        );
    }

    #[test]
    fn a_readable_duration_has_no_more_than_three_decimals() {
        for (nanos, text) in [
            (0, "0ns"),
            (999_999, "999.999µs"),
            (1_000_001, "1ms"),
            (31_999_999, "31ms"),
            (31_200_456_789, "31.2s"),
            (60_000_999_999, "60s"),
        ] {
            let shown = format!("{:?}", readable(Duration::from_nanos(nanos)));
            assert_eq!(shown, text);
        }
        assert_eq!(
            format!("{:?}", readable(Duration::MAX)),
            "18446744073709551615.999s"
        );
    }
}
