//! What only the inside can see: how often the clock is read.

use core::future::{Future, ready};
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::io;

use super::call::Call;
use super::engine::Engine;
use super::site::Site;
use crate::__private::{classify_attempt, no_fields, no_hook};
use crate::RetryPolicy;
use crate::clock::READS;

static SITE: Site = Site::new("tests", file!(), line!(), RetryPolicy::DEFAULT);

/// Clock reads of one attempt with this outcome, from opening the call to settling it.
fn reads(outcome: io::Result<u32>) -> u32 {
    let before = READS.get();
    let mut call = Call::new(&SITE);
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(out) = pin!(call.attempt(ready(outcome))).poll(&mut context) else {
        panic!("the body is ready");
    };
    let _ = call.settle(&out, classify_attempt, no_fields, no_hook);
    READS.get() - before
}

#[test]
fn a_body_that_is_ready_at_once_reads_no_clock() {
    assert_eq!(reads(Ok(1)), 0);
}

#[test]
fn a_failure_reads_the_clock() {
    let refused = || Err(io::ErrorKind::ConnectionRefused.into());
    // The site's first failure begins its budget as well.
    reads(refused());
    // The counter counts: once for the start of the call's clock, once for the failure.
    assert_eq!(reads(refused()), 2);
}
