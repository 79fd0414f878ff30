//! The only generic futures of the engine; all they do is to poll.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use super::call::Call;
use super::caller::{Driver, Unwinding};
use super::outcome::{Dies, Outcome};
use crate::breaker::within;

pin_project_lite::pin_project! {
    /// One attempt within its bounds: resolves to the body's outcome, or to a failure made from
    /// [`Error`](crate::Error) where a deadline came first.
    ///
    /// Dropping it drops the body at once.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Attempting<'a, C: Driver, F, Kind> {
        #[pin]
        body: F,
        // Dropped behind the body.
        call: Driving<'a, C>,
        // A function pointer keeps the future `Send` whatever the marker is.
        kind: PhantomData<fn() -> Kind>,
    }
}

/// The call, which outlives the body of its attempt: what is dropped with a body that a deadline has cut off may ask
/// why. Such an attempt is dropped at once, before anything else can run on the thread, because its future is awaited
/// where it is made.
#[derive(Debug)]
struct Driving<'a, C: Driver>(&'a mut C);

impl<C: Driver> Drop for Driving<'_, C> {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_cut() {
            within::set_cut_off(false);
        }
    }
}

impl<'a, C: Driver, F, Kind> Attempting<'a, C, F, Kind> {
    #[inline]
    pub(super) const fn new(call: &'a mut C, body: F) -> Self {
        Self {
            body,
            call: Driving(call),
            kind: PhantomData,
        }
    }
}

impl<C, F, R, Kind> Future for Attempting<'_, C, F, Kind>
where
    C: Driver,
    F: Future<Output = R>,
    R: Outcome,
    R::Error: Dies<Kind>,
{
    type Output = R;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        let this = self.project();
        let call = &mut *this.call.0;
        if let Err(error) = ready!(call.admit(cx)) {
            return Poll::Ready(R::failed(R::Error::dead(error)));
        }
        // The body first: one that is ready at the deadline has made it.
        let unwinding = Unwinding::watch(call);
        // Gone before the call hears of a panic: whom it tells is not inside the attempt.
        let inside = unwinding.call().enter();
        let polled = this.body.poll(cx);
        drop(inside);
        unwinding.disarm();
        if let Poll::Ready(out) = polled {
            return Poll::Ready(out);
        }
        match this.call.0.suspended(cx) {
            Poll::Ready(error) => {
                within::set_cut_off(true);
                Poll::Ready(R::failed(R::Error::dead(error)))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Ready,
    Turn,
    Timer,
}

/// The wait between two attempts.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Waiting<'a, 's> {
    call: &'a mut Call<'s>,
    step: Step,
    // Whether the attempt behind it starts for sure.
    starts: bool,
}

impl<'a, 's> Waiting<'a, 's> {
    pub(super) const fn ready(call: &'a mut Call<'s>) -> Self {
        Self::of(call, Step::Ready)
    }

    pub(super) const fn for_turn(call: &'a mut Call<'s>) -> Self {
        Self::of(call, Step::Turn)
    }

    pub(super) const fn for_timer(call: &'a mut Call<'s>) -> Self {
        Self::of(call, Step::Timer)
    }

    const fn of(call: &'a mut Call<'s>, step: Step) -> Self {
        Self {
            call,
            step,
            starts: true,
        }
    }

    /// The same before an attempt that a breaker may refuse.
    pub(super) const fn unless_refused(mut self) -> Self {
        self.starts = false;
        self
    }
}

impl Future for Waiting<'_, '_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match self.step {
            Step::Ready => {}
            Step::Timer => ready!(self.call.poll_timer(cx)),
            Step::Turn => {
                self.step = Step::Ready;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
        let starts = self.starts;
        self.call.woken(starts);
        Poll::Ready(())
    }
}
