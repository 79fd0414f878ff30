//! The engine with a breaker round each attempt.
//!
//! An attempt asks the breaker before its body is first polled (or, blocking, run), and tells it what became of it
//! when it is settled. In between the permit is held by the call: a call that is dropped drops the permit, which the
//! breaker takes for a cancelled call.

mod admission;
mod alone;
mod blocking;
mod gate;
mod parked;

use core::task::{Context, Poll};

pub use alone::BreakerCall;
use alone::Once;
pub(crate) use gate::Held;
use gate::{Gate, Single};

use super::attempt::Attempt;
use super::attempting::{Attempting, Waiting};
use super::blocking::BlockingCall;
use super::call::Call;
use super::caller::{Caller, Driver, Parks, Unwinds, Waits};
use super::engine::{Engine, Judgement};
use super::progress::{Cut, Failure};
use super::watch::Ended;
use crate::Error;
use crate::breaker::within::Holding;
use crate::breaker::{BreakerSite, Outcome, Permit, Refused, clock_ticks, within};
use admission::Aside;

/// A call whose attempts pass a breaker.
#[derive(Debug)]
pub struct Guarded<C, G: Gate> {
    call: C,
    gate: G,
    permit: Option<Permit<G::Core>>,
    aside: Option<Box<Aside>>,
}

impl<C: Caller> Guarded<C, Single> {
    /// A call that shares one breaker with everybody who names it.
    #[inline]
    pub const fn new(call: C, breaker: &'static BreakerSite) -> Self {
        Self::at(call, Single(breaker))
    }
}

impl<C: Caller> Guarded<C, Held> {
    /// A call that shares a breaker with everybody who names it with this key.
    #[inline]
    pub fn keyed<K: core::fmt::Display + ?Sized>(
        call: C,
        breaker: &'static BreakerSite,
        key: &K,
    ) -> Self {
        Self::at(call, Held::find(breaker, &key))
    }
}

impl<C, G: Gate> Guarded<C, G> {
    #[inline]
    pub(crate) const fn at(call: C, gate: G) -> Self {
        Self {
            call,
            gate,
            permit: None,
            aside: None,
        }
    }

    /// Lets attempts inside this one go with its permit, for as long as the guard lives.
    #[inline]
    fn hold(&self) -> Option<Holding> {
        self.permit
            .as_ref()
            .map(|permit| within::hold(permit.core()))
    }

    /// Tells the breaker what became of the attempt.
    #[inline]
    fn tell(&mut self, outcome: Outcome) {
        if let Some(permit) = &mut self.permit {
            permit.conclude(outcome, clock_ticks);
            self.permit = None;
        }
    }
}

impl<C: Caller, G: Gate> Guarded<C, G> {
    /// Takes a permit for a first attempt, if nothing is in its way but a breaker that is closed: all that most calls
    /// ask of it, and so small that it is inlined.
    #[inline]
    fn passes_at_once(&mut self) -> bool {
        if !self.call.is_first() || self.aside.is_some() || !within::is_nobodys() {
            return false;
        }
        self.permit = self.gate.permit_at_once();
        self.permit.is_some()
    }
}

impl<'s, G: Gate> Guarded<Call<'s>, G> {
    /// The context that `attempt = name` binds.
    pub fn context(&self) -> Attempt {
        self.call.context()
    }

    /// Waits as the last judgement said. A zero wait touches no timer.
    #[inline]
    pub fn wait(&mut self) -> Waiting<'_, 's> {
        self.call.wait().unless_refused()
    }
}

impl<G: Gate> Guarded<BlockingCall<'_>, G> {
    /// The context that `attempt = name` binds.
    pub fn context(&self) -> Attempt {
        self.call.context()
    }
}

impl<C: Driver + Parks, G: Gate> Guarded<C, G> {
    /// Runs one attempt within its bounds, if the breaker lets it pass.
    #[inline]
    pub const fn attempt<F, Kind>(&mut self, body: F) -> Attempting<'_, Self, F, Kind> {
        Attempting::new(self, body)
    }
}

/// A call that ended well has nothing to give back, and sees so inline.
impl<C, G: Gate> Drop for Guarded<C, G> {
    #[inline]
    fn drop(&mut self) {
        if self.permit.is_some() || self.aside.is_some() {
            self.give_back();
        }
    }
}

impl<C, G: Gate> Guarded<C, G> {
    #[cold]
    #[inline(never)]
    fn give_back(&mut self) {
        self.permit = None;
        self.aside = None;
    }
}

impl<C: Driver + Parks, G: Gate> Driver for Guarded<C, G> {
    type Inside = (C::Inside, Option<Holding>);

    #[inline]
    fn admit(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.permit.is_some() {
            return Poll::Ready(Ok(()));
        }
        if self.passes_at_once() {
            return Poll::Ready(Ok(()));
        }
        self.poll_admission(cx)
    }

    #[inline]
    fn enter(&self) -> Self::Inside {
        (self.call.enter(), self.hold())
    }

    #[inline]
    fn is_cut(&self) -> bool {
        self.call.is_cut()
    }

    #[inline]
    fn suspended(&mut self, cx: &mut Context<'_>) -> Poll<Error> {
        self.call.suspended(cx)
    }
}

impl<C, G: Gate> Unwinds for Guarded<C, G> {
    fn panicked(&mut self) {
        self.tell(Outcome::Failure);
    }
}

impl<C: Engine + Waits, G: Gate> Engine for Guarded<C, G> {
    #[inline]
    fn operation(&self) -> &'static str {
        self.call.operation()
    }

    #[inline]
    fn number(&self) -> u32 {
        self.call.number()
    }

    #[inline]
    fn take_cut(&mut self) -> Option<Cut> {
        self.call.take_cut()
    }

    fn answered(&mut self, outcome: Outcome) -> Option<Refused> {
        if self.is_within() {
            // The next attempt asks again: it may be made somewhere else.
            self.aside = None;
            return None;
        }
        self.tell(outcome);
        self.gate.named().ok()?.refused(clock_ticks)
    }

    fn failed(&mut self, failure: &Failure<'_>) -> Judgement {
        let judgement = self.call.failed(failure);
        if let Some(refused) = judgement.refused(failure) {
            self.aside = Some(Box::new(Aside::Refused(refused.refusal)));
        }
        judgement
    }

    fn ended(&self) -> Ended {
        self.call.ended()
    }

    #[inline]
    fn succeeded(&mut self) {
        self.tell(Outcome::Success);
        self.call.succeeded();
    }
}
