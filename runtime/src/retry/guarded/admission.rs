//! What happens at a breaker that does not let an attempt pass at once.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;
use std::sync::Arc;

use tokio::sync::futures::OwnedNotified;

use super::{Gate, Guarded};
use crate::Error;
use crate::breaker::{Named, Permit, Refusal, RejectedCall, State, clock_ticks};
use crate::clock::{self, Instant};
use crate::random;
use crate::retry::caller::{Driver, Parks, Waits};

/// The state of a call that stands aside.
#[derive(Debug)]
pub(super) enum Aside {
    /// The breaker opened for longer than the wait that would follow, so that there was nothing to wait for. The
    /// failure has been told as the last one.
    Refused(Refusal),
    /// It waits for the breaker (`when_open = wait`).
    Waiting(Waiter),
}

#[derive(Debug)]
pub(super) struct Waiter {
    // Listens from before the breaker is asked, so that no change between the answer and the sleep is missed.
    woken: Pin<Box<OwnedNotified>>,
    step: Step,
    deadline: Instant,
    last: Refusal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The breaker is to be asked.
    Ask,
    /// Until the breaker changes, or its recovery time is over.
    Sleep,
    /// It has changed: callers that all heard of it at once go to it one by one.
    Spread,
}

impl Waiter {
    fn new(breaker: &Named, deadline: Instant, last: Refusal) -> Self {
        Self {
            woken: listen(breaker),
            step: Step::Ask,
            deadline,
            last,
        }
    }

    /// What resolves when the breaker changes.
    pub(super) fn woken(&mut self) -> Pin<&mut OwnedNotified> {
        self.woken.as_mut()
    }

    /// When to ask again after the last refusal, at `now`; none if that lies past the deadline. A recovery time
    /// ends for everybody at once, so that each goes on a little later, by `draw` of `spread`.
    fn asks_again(&self, now: Instant, spread: Duration, draw: f64) -> Option<Instant> {
        if now >= self.deadline {
            return None;
        }
        let Some(retry_in) = self.last.retry_in else {
            return Some(self.deadline);
        };
        let at = clock::later(now, retry_in);
        if at < self.deadline {
            return Some(clock::later(at, self.spread(at, spread, draw)));
        }
        // With every place of a half-open breaker taken it is the longest that it can take.
        (self.last.state == State::HalfOpen).then_some(self.deadline)
    }

    /// The time between a change and the next question.
    pub(super) fn spread(&self, from: Instant, spread: Duration, draw: f64) -> Duration {
        let room = self.deadline.saturating_duration_since(from) / 2;
        spread.min(room).mul_f64(draw)
    }

    /// Listens anew after a change.
    pub(super) fn listen_again(&mut self, breaker: &Named) {
        self.woken = listen(breaker);
    }
}

fn listen(breaker: &Named) -> Pin<Box<OwnedNotified>> {
    let mut woken = Box::pin(Arc::clone(breaker.wake()).notified_owned());
    woken.as_mut().enable();
    woken
}

/// What both flavours do.
impl<C: Waits, G: Gate> Guarded<C, G> {
    /// Asks the breaker: a refusal, or none and a permit in hand.
    pub(super) fn ask(&mut self, now: fn() -> u64) -> Result<Option<Refusal>, Error> {
        let core = match self.gate.core() {
            Ok(core) => core,
            Err(conflict) => {
                let _ = self.call.rejection();
                return Err(Error::Config(conflict));
            }
        };
        match Permit::acquire(core, self.call.bound(), now) {
            Ok(permit) => {
                self.permit = Some(permit);
                self.aside = None;
                if self.call.is_retry() {
                    self.call.start_retry();
                }
                Ok(None)
            }
            Err(refusal) => Ok(Some(refusal)),
        }
    }

    /// The error of an attempt that does not take place; `told` if the failure before it was told as the last.
    pub(super) fn reject(&mut self, refusal: Refusal, told: bool) -> Error {
        self.aside = None;
        let call = RejectedCall {
            is_news: !told,
            ..self.call.rejection()
        };
        match self.gate.named() {
            Ok(breaker) => breaker.rejected(refusal, call),
            Err(conflict) => Error::Config(conflict),
        }
    }

    /// The rejection of a call that has waited, with what the breaker says now.
    pub(super) fn give_up(&mut self, last: Refusal, now: fn() -> u64) -> Error {
        let refusal = self.gate.refusal(now).unwrap_or(last);
        self.reject(refusal, false)
    }

    /// The refusal that was told as the last failure.
    pub(super) fn refused(&self) -> Option<Refusal> {
        match self.aside.as_deref() {
            Some(Aside::Refused(refusal)) => Some(*refusal),
            _ => None,
        }
    }

    /// Whether it listened to the breaker when this refusal came; begins to if it did not, and then asks again.
    pub(super) fn listens(&mut self, refusal: Refusal, now: Instant) -> Result<bool, Error> {
        if let Some(Aside::Waiting(waiter)) = self.aside.as_deref_mut() {
            waiter.last = refusal;
            return Ok(true);
        }
        let deadline = self.call.wait_until(now);
        if let (Some(deadline), Ok(breaker)) = (deadline, self.gate.named()) {
            let waiter = Waiter::new(breaker, deadline, refusal);
            self.aside = Some(Box::new(Aside::Waiting(waiter)));
            return Ok(false);
        }
        Err(self.reject(refusal, false))
    }

    /// When a call that listens asks again.
    pub(super) fn asks_again(&self, now: Instant) -> Option<Instant> {
        match self.aside.as_deref() {
            Some(Aside::Waiting(waiter)) => {
                waiter.asks_again(now, self.call.spread(), random::draw())
            }
            _ => None,
        }
    }

    /// The last refusal, if it has waited for as long as it may.
    pub(super) fn waited_in_vain(&self, now: Instant) -> Option<Refusal> {
        match self.aside.as_deref() {
            Some(Aside::Waiting(waiter)) if now >= waiter.deadline => Some(waiter.last),
            _ => None,
        }
    }
}

impl<C: Driver + Parks, G: Gate> Guarded<C, G> {
    #[inline(never)]
    pub(super) fn poll_admission(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.call.is_plain() {
            return Poll::Ready(Ok(()));
        }
        ready!(self.call.admit(cx))?;
        if let Some(refusal) = self.refused() {
            return Poll::Ready(Err(self.reject(refusal, true)));
        }
        loop {
            if self.aside.is_some() {
                ready!(self.poll_waiter(cx));
                if let Some(last) = self.waited_in_vain(clock::now()) {
                    return Poll::Ready(Err(self.give_up(last, clock_ticks)));
                }
            }
            match self.ask(clock_ticks)? {
                None => return Poll::Ready(Ok(())),
                Some(refusal) => self.park(refusal)?,
            }
        }
    }

    /// After a refusal: listens first, and asks once more; then sleeps.
    fn park(&mut self, refusal: Refusal) -> Result<(), Error> {
        let now = clock::now();
        if !self.listens(refusal, now)? {
            return Ok(());
        }
        let Some(at) = self.asks_again(now) else {
            return Err(self.give_up(refusal, clock_ticks));
        };
        self.go_to(Step::Sleep);
        self.call.arm(at);
        Ok(())
    }

    fn go_to(&mut self, step: Step) {
        if let Some(Aside::Waiting(waiter)) = self.aside.as_deref_mut() {
            waiter.step = step;
        }
    }

    /// Ready when the breaker is to be asked.
    fn poll_waiter(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(Aside::Waiting(waiter)) = self.aside.as_deref_mut() else {
            return Poll::Ready(());
        };
        if waiter.step == Step::Sleep && waiter.woken.as_mut().poll(cx).is_ready() {
            if let Ok(breaker) = self.gate.named() {
                waiter.listen_again(breaker);
            }
            waiter.step = Step::Spread;
            let now = clock::now();
            let spread = waiter.spread(now, self.call.spread(), random::draw());
            self.call.arm(clock::later(now, spread));
        }
        if waiter.step != Step::Ask {
            ready!(self.call.poll_timer(cx));
            waiter.step = Step::Ask;
        }
        Poll::Ready(())
    }
}
