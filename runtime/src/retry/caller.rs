//! What an attempt, and a breaker round it, ask of the call that they belong to.

use core::mem;
use core::task::{Context, Poll};
use core::time::Duration;

use super::site::Site;
use crate::breaker::RejectedCall;
use crate::clock::Instant;
use crate::{Error, TraceId, random};

/// Hears of a panic in the body.
pub trait Unwinds {
    /// The body has panicked.
    fn panicked(&mut self);
}

/// One attempt of an `async fn`, from its admission on.
pub trait Driver: Unwinds {
    /// What tells calls inside the attempt of its end.
    type Inside;

    /// Whether the body may be polled; asked before each poll.
    ///
    /// # Errors
    /// The attempt does not take place.
    fn admit(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>>;

    /// Tells annotated calls inside the attempt when it ends, for as long as the guard lives: around
    /// one poll.
    fn enter(&self) -> Self::Inside;

    /// Whether a deadline has cut the attempt off.
    fn is_cut(&self) -> bool;

    /// The body has suspended: arms the attempt's deadline if that has not been done, and looks at it.
    fn suspended(&mut self, cx: &mut Context<'_>) -> Poll<Error>;
}

impl RejectedCall {
    /// Of a call that has made no attempt.
    #[inline]
    pub(super) fn at_once(site: &Site) -> Self {
        Self {
            operation: Some(site.operation()),
            place: Some(site.place()),
            attempts: 0,
            elapsed: Duration::ZERO,
            trace_id: TraceId::from_random(random::bits()),
            last_error: None,
            is_news: true,
            has_waited: false,
        }
    }
}

/// Who asks a breaker, before each attempt.
pub trait Caller {
    /// Whether protection is switched off.
    fn is_plain(&self) -> bool;

    /// Whether it is the first attempt of a call that is protected: nothing has been waited for.
    fn is_first(&self) -> bool;

    /// The time that an attempt may take; zero says nothing.
    fn bound(&self) -> Duration;

    /// Whether the attempt to come has been paid for.
    fn is_retry(&self) -> bool;

    /// The attempt that was paid for starts.
    fn start_retry(&mut self);

    /// The attempt waits for a breaker: what was paid for it is given back until it starts.
    fn put_off_retry(&mut self);

    /// The attempt does not take place: what the call knows of itself.
    fn rejection(&mut self) -> RejectedCall;
}

/// A call that may wait until a breaker lets it pass.
pub trait Waits: Caller {
    /// Whether it may wait.
    fn waits_when_open(&self) -> bool;

    /// Until when it waits; none, and no look at the clock, if it does not wait.
    fn wait_until(&mut self) -> Option<Instant>;

    /// The time over which callers that wait for the same breaker are spread.
    fn spread(&self) -> Duration;
}

/// A call whose task waits.
pub trait Parks: Waits {
    /// Arms the timer.
    fn arm(&mut self, at: Instant);

    /// Polls the timer.
    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<()>;
}

/// Tells a call that its body has panicked, when it is dropped by the unwinding.
///
/// A guard round the poll, and not `thread::panicking()`: a body that is dropped while something else on the
/// thread unwinds, such as its neighbour in a `join!`, has not panicked itself.
#[derive(Debug)]
pub(super) struct Unwinding<'a, C: Unwinds>(&'a mut C);

impl<'a, C: Unwinds> Unwinding<'a, C> {
    #[inline]
    pub(super) const fn watch(call: &'a mut C) -> Self {
        Self(call)
    }

    /// The call.
    #[inline]
    pub(super) const fn call(&self) -> &C {
        self.0
    }

    /// The body has come to its end.
    #[inline]
    pub(super) const fn disarm(self) {
        mem::forget(self);
    }
}

impl<C: Unwinds> Drop for Unwinding<'_, C> {
    fn drop(&mut self) {
        self.0.panicked();
    }
}
