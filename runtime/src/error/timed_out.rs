//! A deadline left the call no error of its own.

use core::fmt;
use core::time::Duration;

use super::{Attempts, readable};
use crate::{SafeText, TraceId};

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
            "`{}` timed out: {before}{:?} ({}){after} after {}, {:?} in all",
            parts.operation,
            parts.limit,
            parts.bound,
            Attempts(parts.attempts),
            readable(parts.elapsed),
        )?;
        if let Some(text) = &parts.last_error {
            write!(f, "; last error: {text}")?;
        }
        write!(f, "; trace {}", parts.trace_id)
    }
}

impl std::error::Error for TimedOut {}
