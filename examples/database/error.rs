//! What can go wrong between the program and its database, and what each of it deserves.

use std::fmt;

use tokio_postgres::error::{DbError as Answer, Severity, SqlState};
use wait_or_die::{Classify, Error, SafeText, Verdict};

use crate::sqlstate;

/// An error that the server answered with. Its texts have passed the redaction filter.
///
/// Neither `Display` nor `Debug` shows the server's detail, hint or context: they repeat rows. The message is shown where it
/// names only what is in the schema, the statement or the server; elsewhere it repeats values, such as those of class 22
/// (`invalid input syntax for type integer: ".."`), and what its class means is shown instead.
#[derive(Debug, Clone)]
pub struct Refused {
    state: SqlState,
    text: SafeText,
    constraint: Option<SafeText>,
    ends_session: bool,
}

impl Refused {
    pub(crate) fn new(answer: &Answer) -> Self {
        let fatal = matches!(
            answer.parsed_severity(),
            Some(Severity::Fatal | Severity::Panic)
        );
        Self {
            state: answer.code().clone(),
            text: shown(answer),
            constraint: answer.constraint().map(SafeText::filtered),
            ends_session: fatal || sqlstate::is_end_of_session(answer.code()),
        }
    }

    /// The server's code.
    pub const fn state(&self) -> &SqlState {
        &self.state
    }

    /// The constraint that was violated, if it was one.
    pub fn constraint(&self) -> Option<&str> {
        self.constraint.as_ref().map(SafeText::as_str)
    }

    /// Whether the session is over, so that what was under way may have been done.
    pub(crate) const fn ends_session(&self) -> bool {
        self.ends_session
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.text)?;
        if let Some(constraint) = &self.constraint {
            write!(f, ": {constraint}")?;
        }
        write!(f, " (SQLSTATE {})", self.state.code())
    }
}

/// The server's message, if no values are in it; else what its class means.
fn shown(answer: &Answer) -> SafeText {
    // RAISE gives any text under any code.
    let is_raised = answer.routine() == Some("exec_stmt_raise");
    match sqlstate::hidden(answer.code()) {
        Some(meaning) => SafeText::from(meaning),
        None if is_raised => SafeText::from("raised by a function"),
        None => SafeText::filtered(answer.message()),
    }
}

impl Classify for Refused {
    fn classify(&self) -> Verdict {
        sqlstate::verdict(&self.state)
    }
}

/// How a connection ended, or why there is none; shown by `Display`.
#[derive(Debug, Clone)]
pub struct Loss {
    pub(crate) text: SafeText,
    /// Told by another statement of the same connection already, and counted there.
    pub(crate) is_echo: bool,
}

impl Loss {
    /// One that nobody has told yet.
    pub(crate) fn of(cause: &(impl fmt::Display + ?Sized)) -> Self {
        Self {
            text: SafeText::filtered(cause),
            is_echo: false,
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// Why a statement or a transaction gave no result.
///
/// What decides is not only whether the failure may pass, but whether the statement may have been done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// The server answered with an error, and nothing of the statement was done. Judged by its SQLSTATE, as
    /// [`verdict`](crate::verdict) says.
    #[error("{0}")]
    Refused(Refused),
    /// The server could not be reached. Transient where a connection is opened.
    #[error("cannot reach the server: {0}")]
    Unreachable(Loss),
    /// There is no connection, after all attempts to open one; the statement was not sent. Not retried, because that was
    /// done already.
    #[error("no connection: {0}")]
    NoConnection(Box<DbError>),
    /// The connection was lost before the statement was sent: certainly not done. Transient.
    #[error("connection lost before the statement was sent: {0}")]
    NotSent(Loss),
    /// The connection was lost while a statement was under way that may be repeated: one that reads, or one that its
    /// caller declared idempotent. Transient.
    #[error("connection lost while the statement was under way: {0}")]
    Interrupted(Loss),
    /// The connection was lost in a transaction before COMMIT was sent: certainly rolled back. Transient.
    #[error("connection lost in a transaction, which is rolled back: {0}")]
    RolledBack(Loss),
    /// The connection was lost while a write was under way. It may have been done, so it is not repeated; and the database
    /// gave no answer, so it is a fault. Whoever needs to know looks, once `statement_timeout` has passed.
    #[error("the write may have been done or not, it is not repeated: {0}")]
    OutcomeUnknown(Loss),
    /// The answer to COMMIT was lost, in a transaction that has a key: the next attempt looks the key up. Transient.
    #[error("the transaction may have been committed or not: {0}")]
    CommitUnknown(Loss),
    /// A statement of the transaction had failed and its error was passed over, so that the server would have rolled back
    /// at COMMIT, without an error. Permanent.
    #[error("not committed, a statement of the transaction had failed: {0}")]
    Spoilt(SafeText),
    /// The work gave the transaction up for a reason of its own; it was rolled back. Permanent.
    #[error("given up: {0}")]
    GivenUp(SafeText),
    /// The statement and its parameters, or its result, do not fit together; a statement that is refused here was not
    /// sent. Permanent.
    #[error("{0}")]
    Misused(SafeText),
    /// The call ended without an error of its own: its time was used up, or a breaker did not let it through. A write that
    /// was under way is `OutcomeUnknown` instead.
    #[error(transparent)]
    Died(#[from] Error),
}

impl DbError {
    /// For [`Work`](crate::Work) that gives up for a reason of its own.
    pub fn given_up(reason: &(impl fmt::Display + ?Sized)) -> Self {
        Self::GivenUp(SafeText::filtered(reason))
    }

    pub(crate) fn misused(reason: &(impl fmt::Display + ?Sized)) -> Self {
        Self::Misused(SafeText::filtered(reason))
    }

    /// The server's code, if it answered with one.
    pub fn state(&self) -> Option<&SqlState> {
        match self {
            Self::Refused(refused) => Some(refused.state()),
            Self::NoConnection(inner) => inner.state(),
            _ => None,
        }
    }

    /// Whether a write that ended with this error may have been done all the same.
    pub const fn outcome_unknown(&self) -> bool {
        matches!(
            self,
            Self::OutcomeUnknown(_) | Self::CommitUnknown(_) | Self::Interrupted(_)
        )
    }

    /// Whether another breaker has counted it, or another statement of the same connection: however many statements a
    /// connection takes with it, it is lost once.
    pub(crate) const fn counted_elsewhere(&self) -> bool {
        match self {
            Self::NoConnection(_) => true,
            Self::NotSent(loss)
            | Self::Interrupted(loss)
            | Self::RolledBack(loss)
            | Self::OutcomeUnknown(loss)
            | Self::CommitUnknown(loss) => loss.is_echo,
            _ => false,
        }
    }
}

impl Classify for DbError {
    fn classify(&self) -> Verdict {
        match self {
            Self::Refused(refused) => refused.classify(),
            Self::Unreachable(_)
            | Self::NotSent(_)
            | Self::Interrupted(_)
            | Self::RolledBack(_)
            | Self::CommitUnknown(_) => Verdict::Transient,
            // Retries within retries would multiply.
            Self::NoConnection(inner) => match inner.classify() {
                Verdict::Transient => Verdict::Fault,
                verdict => verdict,
            },
            Self::OutcomeUnknown(_) => Verdict::Fault,
            Self::Spoilt(_) | Self::GivenUp(_) | Self::Misused(_) => Verdict::Permanent,
            Self::Died(error) => error.classify(),
        }
    }
}
