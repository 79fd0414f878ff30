//! A breaker without retries and without deadlines.

use core::fmt::Display;
use core::task::{Context, Poll};
use core::time::Duration;

use super::{Gate, Guarded, Held, Single};
use crate::Error;
use crate::breaker::{self, BreakerSite, RejectedCall};
use crate::clock::Instant;
use crate::retry::caller::{Caller, Driver, Parks, Unwinding, Unwinds, Waits};
use crate::retry::outcome::Outcome;
use crate::retry::site::Site;

/// Opens the call of a function that has a breaker and nothing else.
#[derive(Debug)]
pub enum BreakerCall {}

impl BreakerCall {
    /// As [`Guarded::new`].
    #[inline]
    #[expect(
        clippy::new_ret_no_self,
        reason = "one name for the expansion to write"
    )]
    pub fn new(
        site: &'static Site,
        breaker: &'static BreakerSite,
    ) -> Guarded<Once<'static>, Single> {
        Guarded::new(Once::of(site.current()), breaker)
    }

    /// As [`Guarded::keyed`].
    pub fn keyed<K: Display + ?Sized>(
        site: &'static Site,
        breaker: &'static BreakerSite,
        key: &K,
    ) -> Guarded<Once<'static>, Held> {
        Guarded::keyed(Once::of(site.current()), breaker, key)
    }
}

/// A call of one attempt, which nothing bounds.
#[derive(Debug)]
pub struct Once<'s>(&'s Site);

impl<'s> Once<'s> {
    #[inline]
    pub(crate) const fn of(site: &'s Site) -> Self {
        Self(site)
    }
}

impl<G: Gate> Guarded<Once<'_>, G> {
    /// Tells the breaker what became of the call.
    #[inline]
    pub fn settle<R: Outcome>(
        &mut self,
        out: &R,
        outcome: impl FnOnce(&R::Error) -> breaker::Outcome,
    ) {
        // A call that was rejected has no permit, and its error is none of the body's.
        if self.permit.is_none() {
            return;
        }
        let unwinding = Unwinding::watch(self);
        let outcome = out.error().map_or(breaker::Outcome::Success, outcome);
        unwinding.disarm();
        self.tell(outcome);
    }
}

impl Unwinds for Once<'_> {
    #[inline]
    fn panicked(&mut self) {}
}

impl Driver for Once<'_> {
    type Inside = ();

    #[inline]
    fn admit(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    #[inline]
    fn enter(&self) {}

    #[inline]
    fn is_cut(&self) -> bool {
        false
    }

    #[inline]
    fn suspended(&mut self, _: &mut Context<'_>) -> Poll<Error> {
        Poll::Pending
    }
}

impl Caller for Once<'_> {
    #[inline]
    fn is_plain(&self) -> bool {
        self.0.is_plain()
    }

    #[inline]
    fn is_first(&self) -> bool {
        !self.is_plain()
    }

    #[inline]
    fn bound(&self) -> Duration {
        Duration::ZERO
    }

    #[inline]
    fn is_retry(&self) -> bool {
        false
    }

    fn start_retry(&mut self) {}

    fn put_off_retry(&mut self) {}

    #[inline]
    fn rejection(&mut self) -> RejectedCall {
        RejectedCall::at_once(self.0)
    }
}

/// It never waits.
impl Waits for Once<'_> {
    #[inline]
    fn waits_when_open(&self) -> bool {
        false
    }

    #[inline]
    fn wait_until(&mut self) -> Option<Instant> {
        None
    }

    fn spread(&self) -> Duration {
        Duration::ZERO
    }
}

impl Parks for Once<'_> {
    fn arm(&mut self, _: Instant) {}

    fn poll_timer(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}
