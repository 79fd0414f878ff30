//! The only generic futures of the engine; all they do is to poll.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::call::Call;
use super::outcome::{Dies, Outcome};

pin_project_lite::pin_project! {
    /// One attempt within its bounds: resolves to the body's outcome, or to a failure made from
    /// [`Error`](crate::Error) where a deadline came first.
    ///
    /// Dropping it drops the body at once.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Attempting<'a, F, Kind> {
        call: &'a mut Call,
        #[pin]
        body: F,
        // A function pointer keeps the future `Send` whatever the marker is.
        kind: PhantomData<fn() -> Kind>,
    }
}

impl<'a, F, Kind> Attempting<'a, F, Kind> {
    #[inline]
    pub(super) const fn new(call: &'a mut Call, body: F) -> Self {
        Self {
            call,
            body,
            kind: PhantomData,
        }
    }
}

impl<F, R, Kind> Future for Attempting<'_, F, Kind>
where
    F: Future<Output = R>,
    R: Outcome,
    R::Error: Dies<Kind>,
{
    type Output = R;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        let this = self.project();
        if this.call.is_late() {
            return Poll::Ready(R::failed(R::Error::dead(this.call.too_late())));
        }
        // The body first: one that is ready at the deadline has made it.
        let inside = this.call.enter();
        let polled = this.body.poll(cx);
        drop(inside);
        if let Poll::Ready(out) = polled {
            return Poll::Ready(out);
        }
        match this.call.suspended(cx) {
            Poll::Ready(error) => Poll::Ready(R::failed(R::Error::dead(error))),
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
pub struct Waiting<'a> {
    call: &'a mut Call,
    step: Step,
}

impl<'a> Waiting<'a> {
    pub(super) const fn ready(call: &'a mut Call) -> Self {
        Self {
            call,
            step: Step::Ready,
        }
    }

    pub(super) const fn for_turn(call: &'a mut Call) -> Self {
        Self {
            call,
            step: Step::Turn,
        }
    }

    pub(super) const fn for_timer(call: &'a mut Call) -> Self {
        Self {
            call,
            step: Step::Timer,
        }
    }
}

impl Future for Waiting<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match self.step {
            Step::Ready => {}
            Step::Timer => core::task::ready!(self.call.poll_timer(cx)),
            Step::Turn => {
                self.step = Step::Ready;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
        self.call.woken();
        Poll::Ready(())
    }
}
