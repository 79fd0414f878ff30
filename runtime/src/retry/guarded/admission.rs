//! What happens at a breaker that does not let an attempt pass at once.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;

use super::{Gate, Guarded};
use crate::Error;
use crate::breaker::{Named, Permit, Refusal, RejectedCall, State, clock_ticks, within};
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
    /// It goes with the permit of an attempt around it, and tells the breaker nothing.
    Within,
}

#[derive(Debug)]
pub(super) struct Waiter {
    wake: Arc<Notify>,
    // Listens from before the breaker is asked, so that no change between the answer and the sleep is missed.
    woken: Pin<Box<OwnedNotified>>,
    // It has been told of a free place, and has not asked for it yet.
    is_called: bool,
    // It has had something to wait for.
    has_slept: bool,
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
        let wake = Arc::clone(breaker.wake());
        Self {
            woken: listen(&wake),
            wake,
            is_called: false,
            has_slept: false,
            step: Step::Ask,
            deadline,
            last,
        }
    }

    /// What resolves when the breaker changes, to sleep until then.
    pub(super) fn woken(&mut self) -> Pin<&mut OwnedNotified> {
        self.has_slept = true;
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

    /// Listens anew after a change, which may have been told to this waiter alone.
    pub(super) fn hear(&mut self) {
        self.woken = listen(&self.wake);
        self.is_called = true;
    }
}

/// Whoever goes away without having asked leaves the place to the next one.
impl Drop for Waiter {
    fn drop(&mut self) {
        if self.is_called {
            self.wake.notify_one();
        }
    }
}

/// The time over which callers that wait for the same breaker are spread: not less than a twentieth of its recovery
/// time, or a policy without waits would send them all at once to a dependency that has just come back. Takes the
/// breaker's lock.
pub(super) fn spread(call: &impl Waits, gate: &impl Gate) -> Duration {
    let recovery = match gate.named() {
        Ok(breaker) => breaker.core().policy().recovery_timeout(),
        Err(_) => Duration::ZERO,
    };
    call.spread().max(recovery / 20)
}

fn listen(wake: &Arc<Notify>) -> Pin<Box<OwnedNotified>> {
    let mut woken = Box::pin(Arc::clone(wake).notified_owned());
    woken.as_mut().enable();
    woken
}

/// What both flavours do.
impl<C: Waits, G: Gate> Guarded<C, G> {
    /// Asks the breaker: a refusal, or none and a permit in hand.
    pub(super) fn ask(&mut self) -> Result<Option<Refusal>, Error> {
        if let Some(Aside::Waiting(waiter)) = self.aside.as_deref_mut() {
            waiter.is_called = false;
        }
        let core = match self.gate.core() {
            Ok(core) => core,
            Err(conflict) => {
                let _ = self.call.rejection();
                return Err(Error::Config(conflict));
            }
        };
        if within::is_held(&core) {
            self.aside = Some(Box::new(Aside::Within));
        } else {
            match Permit::acquire(core, self.call.bound(), clock_ticks) {
                Ok(permit) => self.permit = Some(permit),
                Err(refusal) => return Ok(Some(refusal)),
            }
            self.aside = None;
        }
        if self.call.is_retry() {
            self.call.start_retry();
        }
        Ok(None)
    }

    /// The error of a first attempt that an open breaker is sure to refuse, where the call would not wait for it: what
    /// most rejections are, without the way of those that may come to something.
    #[inline]
    pub(super) fn refused_at_once(&mut self) -> Option<Error> {
        if !self.call.is_first()
            || self.aside.is_some()
            || self.call.waits_when_open()
            || !within::is_nobodys()
        {
            return None;
        }
        let breaker = self.gate.named().ok()?;
        let refusal = breaker.core().refusal(clock_ticks)?;
        Some(breaker.rejected(refusal, self.call.rejection()))
    }

    /// Whether it goes with the permit of an attempt around it.
    pub(super) fn is_within(&self) -> bool {
        matches!(self.aside.as_deref(), Some(Aside::Within))
    }

    /// The error of an attempt that does not take place; `told` if the failure before it was told as the last.
    pub(super) fn reject(&mut self, refusal: Refusal, told: bool) -> Error {
        let has_waited =
            matches!(self.aside.as_deref(), Some(Aside::Waiting(waiter)) if waiter.has_slept);
        self.aside = None;
        let call = RejectedCall {
            is_news: !told,
            has_waited,
            ..self.call.rejection()
        };
        match self.gate.named() {
            Ok(breaker) => breaker.rejected(refusal, call),
            Err(conflict) => Error::Config(conflict),
        }
    }

    /// The rejection of a call that has waited, with what the breaker says now.
    pub(super) fn give_up(&mut self, last: Refusal) -> Error {
        let seen = self.gate.named().ok();
        let seen = seen.map(|breaker| breaker.core().snapshot(clock_ticks));
        let refusal = match seen {
            Some(seen)
                if matches!(
                    seen.state,
                    State::Open | State::HalfOpen | State::ForcedOpen
                ) =>
            {
                Refusal {
                    state: seen.state,
                    retry_in: match seen.state {
                        State::ForcedOpen => None,
                        // A place that has just fallen free may be had at once.
                        _ => seen.retry_in.or(Some(Duration::ZERO)),
                    },
                }
            }
            // It has let others pass meanwhile, and may let the next one pass at once.
            _ => Refusal {
                retry_in: Some(Duration::ZERO),
                ..last
            },
        };
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
    /// Reads no clock for a call that does not wait.
    pub(super) fn listens(&mut self, refusal: Refusal) -> Result<bool, Error> {
        if let Some(Aside::Waiting(waiter)) = self.aside.as_deref_mut() {
            waiter.last = refusal;
            return Ok(true);
        }
        let deadline = self.call.wait_until();
        if let (Some(deadline), Ok(breaker)) = (deadline, self.gate.named()) {
            self.call.put_off_retry();
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
                waiter.asks_again(now, spread(&self.call, &self.gate), random::draw())
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
        if let Some(error) = self.refused_at_once() {
            return Poll::Ready(Err(error));
        }
        // Before anything else: the failure has been told as the last one, and for this reason.
        if let Some(refusal) = self.refused() {
            return Poll::Ready(Err(self.reject(refusal, true)));
        }
        ready!(self.call.admit(cx))?;
        if self.is_within() {
            return Poll::Ready(Ok(()));
        }
        loop {
            if self.aside.is_some() {
                ready!(self.poll_waiter(cx));
                if let Some(last) = self.waited_in_vain(clock::now()) {
                    return Poll::Ready(Err(self.give_up(last)));
                }
            }
            match self.ask()? {
                None => return Poll::Ready(Ok(())),
                Some(refusal) => self.park(refusal)?,
            }
        }
    }

    /// After a refusal: listens first, and asks once more; then sleeps.
    fn park(&mut self, refusal: Refusal) -> Result<(), Error> {
        if !self.listens(refusal)? {
            return Ok(());
        }
        let now = clock::now();
        let Some(at) = self.asks_again(now) else {
            return Err(self.give_up(refusal));
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
        if waiter.step == Step::Sleep && waiter.woken().poll(cx).is_ready() {
            waiter.hear();
            waiter.step = Step::Spread;
            let now = clock::now();
            let spread = waiter.spread(now, spread(&self.call, &self.gate), random::draw());
            self.call.arm(clock::later(now, spread));
        }
        if waiter.step != Step::Ask {
            ready!(self.call.poll_timer(cx));
            waiter.step = Step::Ask;
        }
        Poll::Ready(())
    }
}
