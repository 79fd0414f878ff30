//! What only the inside can see: how often the clock is read, and tokio's timer asked.

use core::future::{Future, poll_fn, ready};
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::io;
use std::sync::Arc;
use std::task::Wake;

use super::blocking::BlockingCall;
use super::call::Call;
use super::engine::Engine;
use super::guarded::{BreakerCall, Guarded};
use super::site::Site;
use crate::__private::{classify_attempt, no_fields, no_hook};
use crate::breaker::{BreakerSite, Outcome};
use crate::clock::{POLLS, READS};
use crate::{BreakerPolicy, RetryPolicy};

static SITE: Site = Site::new("tests", file!(), line!(), RetryPolicy::DEFAULT);

/// Clock reads of one attempt with this outcome, from opening the call to settling it.
fn reads(outcome: io::Result<u32>) -> u32 {
    let before = READS.get();
    let mut call = Call::new(&SITE);
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(out) = pin!(call.attempt(ready(outcome))).poll(&mut context) else {
        panic!("the body is ready");
    };
    if !call.passed(&out) {
        let _ = call.settle(&out, classify_attempt, no_fields, no_hook);
    }
    READS.get() - before
}

#[test]
fn a_body_that_is_ready_at_once_reads_no_clock() {
    assert_eq!(reads(Ok(1)), 0);
}

#[test]
fn a_failure_reads_the_clock_once() {
    let refused = || Err(io::ErrorKind::ConnectionRefused.into());
    // The site's first failure begins its budget as well.
    reads(refused());
    // It starts the call's clock, and happens when that starts.
    assert_eq!(reads(refused()), 1);
}

static ALONE: Site = Site::unbounded("tests", file!(), line!());
static BREAKER: BreakerSite = BreakerSite::new("tests: rejections", file!(), line!())
    .with_policy(BreakerPolicy::new().with_failure_threshold(1));

/// Clock reads of a call, which has to be rejected.
fn reads_until_rejected(call: impl FnOnce() -> Poll<io::Result<u32>>) -> u32 {
    let before = READS.get();
    let Poll::Ready(Err(error)) = call() else {
        panic!("not rejected");
    };
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    READS.get() - before
}

#[test]
fn a_rejection_reads_the_clock_once() {
    let mut failing = BreakerCall::new(&ALONE, &BREAKER);
    let out = failing.run(|| io::Result::<u32>::Err(io::ErrorKind::TimedOut.into()));
    failing.settle(&out, |_| Outcome::Failure);
    let mut context = Context::from_waker(Waker::noop());
    let plain = || Poll::Ready(BreakerCall::new(&ALONE, &BREAKER).run(|| Ok(1)));
    let counted = [
        reads_until_rejected(plain),
        reads_until_rejected(|| {
            let mut call = BreakerCall::new(&ALONE, &BREAKER);
            pin!(call.attempt(ready(Ok(1)))).poll(&mut context)
        }),
        reads_until_rejected(|| {
            let mut call = Guarded::new(Call::new(&SITE), &BREAKER);
            pin!(call.attempt(ready(Ok(1)))).poll(&mut context)
        }),
    ];
    assert_eq!(counted, [1, 1, 1]);
    // A plain function's own clock starts with the call, and has to say how long it took.
    let both = || Guarded::new(BlockingCall::new(&SITE), &BREAKER).run(|| Ok(1));
    assert_eq!(reads_until_rejected(|| Poll::Ready(both())), 3);
}

/// Whom nothing needs to wake. The standard library's waker that does nothing is not always known by its clone.
struct Task;

impl Wake for Task {
    fn wake(self: Arc<Self>) {}
}

/// Questions to tokio's timer during one attempt that suspends this often.
fn asked(suspensions: u32) -> u32 {
    let before = POLLS.get();
    let mut call = Call::new(&SITE);
    let waker = Waker::from(Arc::new(Task));
    let mut context = Context::from_waker(&waker);
    let mut left = suspensions;
    let mut attempt = pin!(call.attempt(poll_fn(move |_| {
        if left == 0 {
            return Poll::Ready(io::Result::Ok(1));
        }
        left -= 1;
        Poll::Pending
    })));
    for _ in 0..suspensions {
        assert!(attempt.as_mut().poll(&mut context).is_pending());
    }
    assert!(attempt.as_mut().poll(&mut context).is_ready());
    POLLS.get() - before
}

#[tokio::test(start_paused = true)]
async fn an_attempt_asks_for_a_timer_once_however_often_it_suspends() {
    assert_eq!([0, 1, 2, 10].map(asked), [0, 1, 1, 1]);
}
