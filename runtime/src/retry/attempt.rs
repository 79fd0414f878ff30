//! What user code may see of a running call: the attempt's context and the retry to come.

use core::fmt;
use core::time::Duration;

use super::decide::StopReason;
use crate::clock::{self, Instant};
use crate::redact::SafeText;
use crate::{TraceId, Verdict};

/// The context of one attempt, bound in the body by `attempt = name`.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub(crate) number: u32,
    pub(crate) deadline: Instant,
    pub(crate) blocking: bool,
    pub(crate) last_error: Option<SafeText>,
}

impl Attempt {
    /// The number of this attempt, from 1.
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// What is left of `timeout`; zero once it is past. Reads the clock.
    ///
    /// Never more than there is: the clock of an `async fn` starts when its body first suspends or
    /// fails, but in the first attempt this counts from the attempt's start.
    pub fn time_left(&self) -> Duration {
        let now = if self.blocking {
            clock::blocking_now
        } else {
            clock::now
        };
        self.deadline.saturating_duration_since(now())
    }

    /// The text of the error that the attempt before this one failed with, after redaction; `None` in the first.
    pub const fn last_error(&self) -> Option<&SafeText> {
        self.last_error.as_ref()
    }
}

/// A retry about to be made, as `on_retry` is told of it, before the wait.
///
/// `Debug` leaves the error out: it is not known to have a `Display` text that could be filtered.
#[non_exhaustive]
pub struct Retry<'a, E> {
    /// The operation's name.
    pub operation: &'static str,
    /// The call's trace id, the same in all of its events and in its [`Error`](crate::Error).
    pub trace_id: TraceId,
    /// The number of the attempt that failed, from 1.
    pub attempt: u32,
    /// The verdict on the failure.
    pub verdict: Verdict,
    /// The wait until the next attempt.
    pub wait: Duration,
    /// The time since the call's clock started.
    pub elapsed: Duration,
    /// What will be left of `timeout` when the next attempt starts.
    pub time_left: Duration,
    /// The error itself, not redacted: it is the caller's own.
    pub error: &'a E,
}

impl<E> fmt::Debug for Retry<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("operation", &self.operation)
            .field("trace_id", &self.trace_id)
            .field("attempt", &self.attempt)
            .field("verdict", &self.verdict)
            .field("wait", &self.wait)
            .field("elapsed", &self.elapsed)
            .field("time_left", &self.time_left)
            .finish_non_exhaustive()
    }
}

/// What is known of a failed attempt once it has been judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged {
    pub(crate) trace_id: TraceId,
    pub(crate) timeout: Duration,
    pub(crate) elapsed: Duration,
    pub(crate) verdict: Verdict,
    pub(crate) next: Result<Duration, StopReason>,
}
