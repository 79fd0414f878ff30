//! The future of `Breaker::call`.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use super::Permit;
use super::guard::Watch;
use super::handle::{Breaker, settle};
use super::named::{Handle, ticks};
use crate::{Classify, Error};

pin_project_lite::pin_project! {
    /// A struct rather than an `async fn`, which would keep the body twice. The body is dropped before the permit.
    pub(super) struct Calling<'a, F> {
        breaker: &'a Breaker,
        #[pin]
        body: F,
        // None before the first poll, and after the last.
        permit: Option<Permit<Handle>>,
    }
}

impl<'a, F> Calling<'a, F> {
    pub(super) const fn new(breaker: &'a Breaker, body: F) -> Self {
        Self {
            breaker,
            body,
            permit: None,
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
        if this.permit.is_none() {
            *this.permit = Some(this.breaker.admit(ticks)?);
        }
        let watch = Watch::new(this.permit, ticks);
        let polled = this.body.poll(cx);
        watch.returned();
        let result = ready!(polled);
        settle(this.permit.take(), &result, ticks);
        Poll::Ready(result)
    }
}
