//! What the expansion asks of a function's return type and of its error.

use core::fmt::Display;

use crate::{Error, Verdict};

/// A return type that says whether an attempt succeeded: `Result`, under whatever alias.
#[diagnostic::on_unimplemented(
    message = "the attribute needs a function that returns `Result`, and `{Self}` is none",
    label = "not a `Result`; write `Result<{Self}, E>`"
)]
pub trait Outcome: Sized {
    /// The error of a failed attempt.
    type Error;

    /// The error, if the attempt failed.
    fn error(&self) -> Option<&Self::Error>;

    /// A failure.
    fn failed(error: Self::Error) -> Self;

    /// The same failure, in a place of its own; a success passes through.
    #[must_use]
    fn failure(self) -> Self;

    /// The error, or the whole outcome of a success.
    #[allow(clippy::missing_errors_doc)] // the error is the user's
    fn split(self) -> Result<Self, Self::Error>;
}

impl<T, E> Outcome for Result<T, E> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        self.as_ref().err()
    }

    #[inline]
    fn failed(error: E) -> Self {
        Err(error)
    }

    #[inline]
    fn failure(self) -> Self {
        match self {
            Err(error) => Err(error),
            ok => ok,
        }
    }

    #[inline]
    fn split(self) -> Result<Self, E> {
        match self {
            Err(error) => Err(error),
            ok => Ok(ok),
        }
    }
}

/// Marks the usable implementation of [`Dies`], [`Tells`] and [`Answer`].
#[derive(Debug)]
pub enum Usable {}

/// Marks the implementation of [`Dies`], [`Tells`] and [`Answer`] that no type ever meets.
///
/// With a second candidate the compiler reports the trait itself, and so prints the message
/// written there, where it would otherwise report the bare `From` or `Display` bound.
#[derive(Debug)]
pub enum Unusable {}

/// Implemented by nothing.
pub trait Nothing: Sized {
    /// Never called.
    fn made_from(error: Error) -> Self;
}

/// An error type that a deadline, or a rejection, can be told by.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from `wait_or_die::Error`, which is what a call gets when a deadline cuts it off or a circuit breaker rejects it",
    label = "needs `From<wait_or_die::Error>`",
    note = "add a variant `#[error(transparent)] WaitOrDie(#[from] wait_or_die::Error)`, or write `impl From<wait_or_die::Error> for {Self}`; if the type is not yours, return an enum of your own that holds both"
)]
pub trait Dies<Kind> {
    /// The error of a call that a deadline cut off or a breaker rejected.
    fn dead(error: Error) -> Self;
}

impl<E: From<Error>> Dies<Usable> for E {
    #[inline]
    fn dead(error: Error) -> Self {
        error.into()
    }
}

impl<E: Nothing> Dies<Unusable> for E {
    fn dead(error: Error) -> Self {
        Self::made_from(error)
    }
}

/// An error type whose text can be told, through the filter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `Display`, so a failure could not be told",
    label = "needs `Display`",
    note = "derive it (`#[derive(thiserror::Error)]` with `#[error(\"..\")]`), or write `impl std::fmt::Display for {Self}`; `Debug` is never printed"
)]
pub trait Tells<Kind> {
    /// The error's text, not yet formatted.
    fn text(&self) -> &dyn Display;
}

impl<E: Display> Tells<Usable> for E {
    #[inline]
    fn text(&self) -> &dyn Display {
        self
    }
}

impl<E: Nothing> Tells<Unusable> for E {
    fn text(&self) -> &dyn Display {
        &""
    }
}

/// What a `retry_if` may answer.
#[diagnostic::on_unimplemented(
    message = "`retry_if` answers `bool` or `Verdict`, and `{Self}` is neither",
    label = "answers `{Self}`",
    note = "write `-> bool`, where `true` is worth another attempt, or `-> wait_or_die::Verdict`"
)]
pub trait Answer<Kind> {
    /// The answer as a verdict.
    fn verdict(self) -> Verdict;
}

impl<V: Into<Verdict>> Answer<Usable> for V {
    #[inline]
    fn verdict(self) -> Verdict {
        self.into()
    }
}

impl<V: Nothing> Answer<Unusable> for V {
    fn verdict(self) -> Verdict {
        Verdict::Permanent
    }
}
