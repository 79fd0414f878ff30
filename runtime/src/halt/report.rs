//! The report of why a program was stopped.

use core::fmt::{self, Display};
use core::time::Duration;
use std::io::{self, Write as _};
use std::process::{ExitCode, Termination};

use crate::breaker::Place;
use crate::classify::{Classify, Verdict};
use crate::error::{Attempts, readable};
use crate::retry::decide::StopReason;
use crate::sync::Arc;
use crate::{SafeText, TraceId};

/// What a halted program exits with: 69, which `sysexits.h` calls `EX_UNAVAILABLE`, a service that is needed is not
/// there. None of 0, 1 (`main` gave an error), 2 (wrong usage) and 101 (`main` panicked), so that a supervisor can tell.
pub const EXIT_CODE: u8 = 69;

/// Why an operation's death stopped the program.
///
/// `Display` and `Debug` give one line with all that the getters give; `Debug` too, because that is what
/// `fn main() -> Result<(), SystemHalt>` prints. Such a `main` exits with 1, as the standard library has it;
/// [`Halt::run`](super::Halt::run) and a `main` that returns the report itself exit with [`EXIT_CODE`].
///
/// It is an error, to be passed on where a program ends with one. To an outer call and an outer breaker it is
/// [`Verdict::Ignore`]: it is never retried, and says nothing about what the breaker guards, because the program is at
/// its end. That holds inside boxed and `anyhow` errors too.
///
/// One machine word wide; a clone is cheap.
#[derive(Clone, PartialEq, Eq)]
pub struct SystemHalt(Arc<Parts>);

/// What a [`SystemHalt`] is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) operation: &'static str,
    pub(crate) place: Place,
    pub(crate) reason: Reason,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) trace_id: Option<TraceId>,
    pub(crate) error: SafeText,
}

/// What ended the call whose death stopped the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The verdict on its error was permanent, fault or ignore.
    NotRetryable,
    /// `max_retries` retries had been made.
    Retries,
    /// `timeout` was used up, or the next wait would have used it up.
    Timeout,
    /// The strategy gave no further wait.
    Strategy,
    /// The retry budget was empty.
    Budget,
    /// A circuit breaker refused it, or its next attempt, or was declared with settings in conflict.
    Rejected,
    /// Its protection was switched off at run time, and its one attempt failed.
    SwitchedOff,
    /// It panicked.
    Panic,
    /// The program stopped itself: the report was made by [`SystemHalt::new`].
    Manual,
}

impl Reason {
    /// The reason as one lower-case word, as it stands in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotRetryable => StopReason::NotRetryable.as_str(),
            Self::Retries => StopReason::Retries.as_str(),
            Self::Timeout => StopReason::Timeout.as_str(),
            Self::Strategy => StopReason::Strategy.as_str(),
            Self::Budget => StopReason::Budget.as_str(),
            Self::Rejected => "rejected",
            Self::SwitchedOff => "switched_off",
            Self::Panic => "panic",
            Self::Manual => "manual",
        }
    }
}

impl Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<StopReason> for Reason {
    fn from(reason: StopReason) -> Self {
        match reason {
            StopReason::NotRetryable => Self::NotRetryable,
            StopReason::Retries => Self::Retries,
            StopReason::Timeout => Self::Timeout,
            StopReason::Strategy => Self::Strategy,
            StopReason::Budget => Self::Budget,
            StopReason::BreakerOpen => Self::Rejected,
        }
    }
}

impl SystemHalt {
    /// A report for [`Halt::stop`](super::Halt::stop) by hand: what failed, and with what error, whose text passes the
    /// filter as in [`SafeText::filtered`]. The place is the caller's; there are no attempts.
    ///
    /// ```
    /// use wait_or_die::halt::{Halt, SystemHalt};
    ///
    /// let halt = Halt::new();
    /// halt.stop(SystemHalt::new("ledger.open", "record 17 is damaged"));
    /// let report = halt.report().unwrap();
    /// assert_eq!(report.to_string(), "system halt: `ledger.open` failed (manual): record 17 is damaged");
    /// ```
    #[track_caller]
    pub fn new(operation: &'static str, error: &(impl Display + ?Sized)) -> Self {
        Self::of(Parts {
            operation,
            place: Place::from(core::panic::Location::caller()),
            reason: Reason::Manual,
            attempts: 0,
            elapsed: Duration::ZERO,
            trace_id: None,
            error: SafeText::of(error),
        })
    }

    pub(crate) fn of(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0
    }

    /// The name of the operation that died: its `name`, or its module path and function.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// Where the operation's attribute stands, or where the report was made by hand.
    pub fn place(&self) -> Place {
        self.0.place
    }

    /// What ended the call. A `fallback` that failed too leaves it as it was.
    pub fn reason(&self) -> Reason {
        self.0.reason
    }

    /// How many attempts were started; one that was rejected was never started. Zero of a report made by hand.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The time from the start of the call's clock to the end of its last attempt. Zero of a report made by hand, of a
    /// panic, and where the clock had not started.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The call's identifier, the same as in its events. `None` of a report made by hand, of a panic, and of a call that
    /// was rejected before its first attempt, whose error tells it.
    pub fn trace_id(&self) -> Option<TraceId> {
        self.0.trace_id
    }

    /// The text of the error that the caller got, or of the panic, after redaction.
    pub fn error(&self) -> &SafeText {
        &self.0.error
    }

    /// What the program should exit with: [`EXIT_CODE`].
    #[allow(clippy::unused_self)] // other reports may come to have other codes
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(EXIT_CODE)
    }
}

impl Display for SystemHalt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &*self.0;
        let operation = parts.operation;
        match parts.reason {
            Reason::Manual => write!(f, "system halt: `{operation}` failed (manual)")?,
            Reason::Panic => {
                let attempts = Attempts(parts.attempts);
                write!(f, "system halt: `{operation}` panicked after {attempts}")?;
            }
            reason => write!(
                f,
                "system halt: `{operation}` gave up after {}, {:?} in all ({reason})",
                Attempts(parts.attempts),
                readable(parts.elapsed),
            )?,
        }
        write!(f, ": {}", parts.error)?;
        match parts.trace_id {
            Some(trace_id) => write!(f, "; trace {trace_id}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for SystemHalt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl std::error::Error for SystemHalt {}

impl Classify for SystemHalt {
    fn classify(&self) -> Verdict {
        Verdict::Ignore
    }
}

/// Prints the report on standard error, in one line, and gives [`EXIT_CODE`].
impl Termination for SystemHalt {
    fn report(self) -> ExitCode {
        // Where nobody reads standard error, the code still says it.
        let _ = writeln!(io::stderr().lock(), "{self}");
        self.exit_code()
    }
}
