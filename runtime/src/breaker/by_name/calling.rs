//! The future of `Breaker::call`.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::guard::Watch;
use super::handle::Breaker;
use super::named::ticks;
use super::{Core, Permit};
use crate::{Classify, Error};

pin_project_lite::pin_project! {
    /// A struct rather than an `async fn`, which would keep the body twice. The body is dropped before the permit.
    pub(super) struct Calling<'a, F> {
        breaker: &'a Breaker,
        #[pin]
        body: F,
        // None before the first poll, and after the last.
        permit: Option<Permit<&'a Core>>,
        // Goes with the permit of an attempt around it.
        within: bool,
    }
}

impl<'a, F> Calling<'a, F> {
    pub(super) const fn new(breaker: &'a Breaker, body: F) -> Self {
        Self {
            breaker,
            body,
            permit: None,
            within: false,
        }
    }
}

impl<F, T, E> Future for Calling<'_, F>
where
    F: Future<Output = Result<T, E>>,
    E: Classify + From<Error>,
{
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if this.permit.is_none() && !*this.within {
            *this.permit = this.breaker.admit()?;
            *this.within = this.permit.is_none();
        }
        let watch = Watch::new(this.permit, ticks);
        let holding = watch.hold();
        let polled = this.body.poll(cx);
        drop(holding);
        let Poll::Ready(result) = polled else {
            watch.returned();
            return Poll::Pending;
        };
        watch.settle(&result);
        Poll::Ready(result)
    }
}
