//! A breaker let the call, or its next attempt, not pass.

use core::fmt;
use core::time::Duration;

use super::{Attempts, readable};
use crate::breaker::State;
use crate::{SafeText, TraceId};

/// A circuit breaker did not let the attempt pass, so that nothing was sent to the dependency.
///
/// One machine word wide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected(Box<RejectedParts>);

/// What a [`Rejected`] is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RejectedParts {
    /// None where a [`Breaker`](crate::Breaker) was asked by hand.
    pub(crate) operation: Option<&'static str>,
    pub(crate) breaker: SafeText,
    pub(crate) key: Option<SafeText>,
    pub(crate) state: State,
    pub(crate) retry_in: Option<Duration>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) trace_id: TraceId,
    pub(crate) last_error: Option<SafeText>,
}

impl Rejected {
    #[inline]
    pub(crate) fn new(parts: impl FnOnce() -> RejectedParts) -> Self {
        // The room first: what is made before it is made on the stack, and copied while its writing is under way.
        let room = Box::new_uninit();
        Self(Box::write(room, parts()))
    }

    pub(crate) fn parts(&self) -> &RejectedParts {
        &self.0
    }

    /// The name of the operation that was rejected: its `name`, or its module path and function. `None` where a
    /// [`Breaker`](crate::Breaker) was asked without an annotated call.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The name of the breaker; one that was made at run time has gone through the filter.
    pub fn breaker(&self) -> &SafeText {
        &self.0.breaker
    }

    /// The breaker's key after redaction, where it has one.
    pub fn key(&self) -> Option<&SafeText> {
        self.0.key.as_ref()
    }

    /// The state that rejected: [`Open`](State::Open), [`HalfOpen`](State::HalfOpen) with every place taken, or
    /// [`ForcedOpen`](State::ForcedOpen).
    pub fn state(&self) -> State {
        self.0.state
    }

    /// The time after which the breaker may let a call pass. In half-open it is the longest that it can take until a
    /// place falls free. `None` where only a hand can change the state.
    pub fn retry_in(&self) -> Option<Duration> {
        self.0.retry_in
    }

    /// How many attempts were started before the rejection; zero if the dependency was never asked.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The time since the call's clock started; zero if it had not.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The call's identifier, the same as in its events.
    pub fn trace_id(&self) -> TraceId {
        self.0.trace_id
    }

    /// What the attempt before the rejection failed with: the error's text after redaction. `None` if there was none.
    pub fn last_error(&self) -> Option<&SafeText> {
        self.0.last_error.as_ref()
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &*self.0;
        if let Some(operation) = parts.operation {
            write!(f, "`{operation}` rejected: ")?;
        }
        write!(f, "circuit breaker `{}`", parts.breaker)?;
        if let Some(key) = &parts.key {
            write!(f, " for key `{key}`")?;
        }
        write!(f, " is {}", parts.state)?;
        if let Some(retry_in) = parts.retry_in {
            write!(f, ", retry in {:?}", readable(retry_in))?;
        }
        if parts.attempts > 0 {
            let made = Attempts(parts.attempts);
            write!(f, "; after {made}, {:?} in all", readable(parts.elapsed))?;
        }
        if let Some(text) = &parts.last_error {
            write!(f, "; last error: {text}")?;
        }
        write!(f, "; trace {}", parts.trace_id)
    }
}

impl std::error::Error for Rejected {}
