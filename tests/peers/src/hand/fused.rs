//! Everything in one function: the attempt is polled in place, and the deadline is armed when an attempt first
//! suspends or fails.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::{Hand, RETRIES, TOTAL, wait};
use crate::body::{Body, Failure, Outcome};
use crate::clock::{nanos, tokios};

/// Retry under a deadline.
pub(crate) async fn fused<B: Body>(argument: u32) -> Outcome {
    let mut deadline = pin!(Deadline::default());
    let mut retries = 0;
    loop {
        let out = {
            let mut attempt = pin!(B::attempt(argument));
            poll_fn(|context| deadline.as_mut().bound(attempt.as_mut(), context)).await
        };
        match out {
            Err(error) if error.is_transient() && retries < RETRIES => {
                let wait = wait(retries);
                if !deadline.as_mut().allows(wait) {
                    return Err(error);
                }
                sleep(wait).await;
                retries += 1;
            }
            out => return out,
        }
    }
}

/// The same with a breaker round each attempt.
pub(crate) async fn guarded<B: Body>(breaker: &Hand, argument: u32) -> Outcome {
    let mut deadline = pin!(Deadline::default());
    let mut retries = 0;
    loop {
        if breaker.admit(nanos).is_err() {
            return Err(Failure::Refused);
        }
        let out = {
            let mut attempt = pin!(B::attempt(argument));
            poll_fn(|context| deadline.as_mut().bound(attempt.as_mut(), context)).await
        };
        breaker.record(out.is_ok(), nanos);
        match out {
            Err(error) if error.is_transient() && retries < RETRIES => {
                let wait = wait(retries);
                if !deadline.as_mut().allows(wait) {
                    return Err(error);
                }
                sleep(wait).await;
                retries += 1;
            }
            out => return out,
        }
    }
}

pin_project_lite::pin_project! {
    #[derive(Default)]
    pub(super) struct Deadline {
        #[pin]
        timer: Option<Sleep>,
        end: Option<Instant>,
    }
}

impl Deadline {
    /// Whether a wait ends before the call has to be over. The time runs from the first question, or suspension.
    pub(super) fn allows(self: Pin<&mut Self>, wait: Duration) -> bool {
        let now = tokios();
        now + wait < *self.project().end.get_or_insert(now + TOTAL)
    }

    /// Polls the attempt, and the timer if that is not ready.
    #[inline]
    pub(super) fn bound<F>(
        self: Pin<&mut Self>,
        attempt: Pin<&mut F>,
        context: &mut Context<'_>,
    ) -> Poll<Outcome>
    where
        F: Future<Output = Outcome>,
    {
        if let Poll::Ready(out) = attempt.poll(context) {
            return Poll::Ready(out);
        }
        self.late(context)
    }

    fn late(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        let mut deadline = self.project();
        let end = *deadline.end.get_or_insert_with(|| tokios() + TOTAL);
        if deadline.timer.is_none() {
            deadline.timer.set(Some(sleep_until(end)));
        }
        match deadline.timer.as_pin_mut() {
            Some(timer) => timer.poll(context).map(|()| Err(Failure::Late)),
            None => Poll::Pending,
        }
    }
}
