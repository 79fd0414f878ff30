//! The attempts of a plain `fn`.

use super::admission::{Aside, spread};
use super::parked::park;
use super::{Gate, Guarded, Once};
use crate::Error;
use crate::breaker::Refusal;
use crate::breaker::within::{self, BlockingHolding};
use crate::clock::{self, Instant};
use crate::random;
use crate::retry::blocking::BlockingCall;
use crate::retry::caller::{Unwinding, Waits};
use crate::retry::nesting::BlockingGuard;
use crate::retry::outcome::{Dies, Outcome};

/// A call that runs on its thread until it ends.
pub trait BlockingDriver: Waits {
    /// What tells calls inside the attempt of its end.
    type Inside;

    /// Tells annotated calls inside the attempt when it ends, for as long as the guard lives.
    fn enter(&self) -> Self::Inside;
}

impl BlockingDriver for BlockingCall<'_> {
    type Inside = Option<BlockingGuard>;

    fn enter(&self) -> Option<BlockingGuard> {
        BlockingCall::enter(self)
    }
}

impl BlockingDriver for Once<'_> {
    type Inside = ();

    #[inline]
    fn enter(&self) {}
}

impl<G: Gate> Guarded<BlockingCall<'_>, G> {
    /// Puts the thread to sleep as the last judgement said; false if the deadline has passed by then.
    pub fn wait(&mut self) -> bool {
        self.refused().is_some() || self.call.sleep()
    }
}

impl<C: BlockingDriver, G: Gate> Guarded<C, G> {
    /// Runs one attempt, if the breaker lets it pass.
    pub fn run<R, Kind>(&mut self, body: impl FnOnce() -> R) -> R
    where
        R: Outcome,
        R::Error: Dies<Kind>,
    {
        if let Err(error) = self.admit_blocking() {
            return R::failed(R::Error::dead(error));
        }
        let unwinding = Unwinding::watch(self);
        // Gone before the call hears of a panic: whom it tells is not inside the attempt.
        let inside = unwinding.call().enter_blocking();
        let out = body();
        drop(inside);
        unwinding.disarm();
        out
    }

    /// What calls inside the attempt may know of it, for as long as the guard lives.
    #[inline]
    fn enter_blocking(&self) -> (C::Inside, Option<BlockingHolding>) {
        let permit = self.permit.as_ref();
        let holding = permit.map(|permit| within::hold_blocking(permit.core()));
        (self.call.enter(), holding)
    }

    #[inline]
    fn admit_blocking(&mut self) -> Result<(), Error> {
        if self.call.is_plain() || self.passes_at_once() {
            return Ok(());
        }
        self.ask_blocking()
    }

    /// For everybody whom a look does not let pass.
    #[cold]
    #[inline(never)]
    fn ask_blocking(&mut self) -> Result<(), Error> {
        if let Some(error) = self.refused_at_once() {
            return Err(error);
        }
        if self.is_within() {
            return Ok(());
        }
        if let Some(refusal) = self.refused() {
            return Err(self.reject(refusal, true));
        }
        loop {
            match self.ask()? {
                None => return Ok(()),
                Some(refusal) => self.sleep_until_changed(refusal)?,
            }
        }
    }

    /// After a refusal: listens first, and asks once more; then sleeps.
    fn sleep_until_changed(&mut self, refusal: Refusal) -> Result<(), Error> {
        if !self.listens(refusal)? {
            return Ok(());
        }
        let now = clock::blocking_now();
        let Some(at) = self.asks_again(now) else {
            return Err(self.give_up(refusal));
        };
        self.sleep_until(at);
        match self.waited_in_vain(clock::blocking_now()) {
            Some(last) => Err(self.give_up(last)),
            None => Ok(()),
        }
    }

    /// Sleeps, until the breaker changes, or its recovery time is over.
    fn sleep_until(&mut self, at: Instant) {
        let Some(Aside::Waiting(waiter)) = self.aside.as_deref_mut() else {
            return;
        };
        if !park(waiter.woken(), at) {
            return;
        }
        waiter.hear();
        let spread = spread(&self.call, &self.gate);
        let later = waiter.spread(clock::blocking_now(), spread, random::draw());
        clock::blocking_sleep(later);
    }
}
