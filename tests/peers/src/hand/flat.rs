//! Retry under a deadline as a state machine without a generator round the attempt.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::time::{Sleep, sleep};

use super::fused::Deadline;
use super::{RETRIES, wait};
use crate::body::{Body, Outcome};

pub(crate) fn flat<B: Body>(argument: u32) -> impl Future<Output = Outcome> {
    let start = move || B::attempt(argument);
    Flat {
        attempt: start(),
        start,
        waiting: None,
        deadline: Deadline::default(),
        retries: 0,
    }
}

pin_project_lite::pin_project! {
    struct Flat<S, F> {
        start: S,
        #[pin]
        attempt: F,
        #[pin]
        waiting: Option<Sleep>,
        #[pin]
        deadline: Deadline,
        retries: u32,
    }
}

impl<S, F> Future for Flat<S, F>
where
    S: Fn() -> F,
    F: Future<Output = Outcome>,
{
    type Output = Outcome;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        loop {
            let mut call = self.as_mut().project();
            if let Some(waiting) = call.waiting.as_mut().as_pin_mut() {
                ready!(waiting.poll(context));
                call.waiting.set(None);
                call.attempt.set((call.start)());
            }
            match ready!(call.deadline.as_mut().bound(call.attempt, context)) {
                Err(error) if error.is_transient() && *call.retries < RETRIES => {
                    let wait = wait(*call.retries);
                    // So nobody has to look at the deadline while it waits.
                    if !call.deadline.allows(wait) {
                        return Poll::Ready(Err(error));
                    }
                    call.waiting.set(Some(sleep(wait)));
                    *call.retries += 1;
                }
                out => return Poll::Ready(out),
            }
        }
    }
}
