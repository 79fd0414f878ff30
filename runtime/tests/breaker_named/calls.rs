//! What becomes of calls, and what the breaker makes of them.

use std::future::pending;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::time::{advance, timeout};
use wait_or_die::breaker::{Outcome, State};
use wait_or_die::{Breaker, BreakerPolicy, Classify, Error, OnCancel, Verdict};

use super::{Failed, seconds, threshold};

fn breaker(policy: BreakerPolicy) -> Breaker {
    Breaker::new("calls", policy).unwrap()
}

fn failures(breaker: &Breaker) -> u32 {
    breaker.snapshot().core.consecutive_failures
}

/// What each verdict leaves of one failure that is counted already, if the breaker is closed.
const VERDICTS: [(Verdict, u32); 5] = [
    (Verdict::Transient, 2),
    (Verdict::Fault, 2),
    (Verdict::Permanent, 0),
    (Verdict::Throttled(None), 1),
    (Verdict::Ignore, 1),
];

#[tokio::test(start_paused = true)]
async fn an_error_counts_as_its_verdict_says() {
    for (verdict, left) in VERDICTS {
        let breaker = breaker(threshold(9));
        breaker.acquire().unwrap().failure();
        let failed = breaker
            .call(async { Err::<(), _>(Failed::Body(verdict)) })
            .await;
        assert_eq!(failed, Err(Failed::Body(verdict)));
        assert_eq!(failures(&breaker), left, "{verdict:?}");
    }
}

#[test]
fn an_error_counts_as_its_verdict_says_in_a_plain_function() {
    for (verdict, left) in VERDICTS {
        let breaker = breaker(threshold(9));
        breaker.acquire().unwrap().failure();
        let failed = breaker.call_blocking(|| Err::<(), _>(Failed::Body(verdict)));
        assert_eq!(failed, Err(Failed::Body(verdict)));
        assert_eq!(failures(&breaker), left, "{verdict:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_permit_records_what_it_is_told() {
    for (outcome, left) in [
        (Outcome::Failure, 2),
        (Outcome::Success, 0),
        (Outcome::Ignore, 1),
    ] {
        let breaker = breaker(threshold(9));
        breaker.acquire().unwrap().failure();
        let permit = breaker.acquire().unwrap();
        assert!(!permit.is_probe());
        permit.record(outcome);
        assert_eq!(failures(&breaker), left, "{outcome:?}");
    }
    let breaker = breaker(threshold(9));
    breaker.acquire().unwrap().failure();
    breaker.acquire().unwrap().ignore();
    drop(breaker.acquire().unwrap());
    assert_eq!(failures(&breaker), 1);
    breaker.acquire().unwrap().success();
    assert_eq!(failures(&breaker), 0);
}

#[tokio::test(start_paused = true)]
async fn open_half_open_closed_under_a_paused_clock() {
    let breaker = breaker(threshold(2));
    for _ in 0..2 {
        let failed = breaker
            .call(async { Err::<(), _>(Failed::Body(Verdict::Fault)) })
            .await;
        assert_eq!(failed, Err(Failed::Body(Verdict::Fault)));
    }
    advance(seconds(59)).await;
    let mut polled = false;
    let rejected = breaker
        .call(async {
            polled = true;
            Ok::<_, Error>(())
        })
        .await
        .unwrap_err();
    assert!(!polled);
    assert_eq!(rejected.state(), Some(State::Open));
    assert_eq!(rejected.retry_in(), Some(seconds(1)));
    advance(seconds(1)).await;
    let probe = breaker.acquire().unwrap();
    assert!(probe.is_probe());
    assert_eq!(
        breaker.acquire().unwrap_err().state(),
        Some(State::HalfOpen)
    );
    probe.success();
    assert_eq!(breaker.call(async { Ok::<_, Error>(7) }).await, Ok(7));
    assert_eq!(breaker.state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn what_a_rejection_says() {
    let breaker = breaker(threshold(1)).for_key("eu");
    breaker.acquire().unwrap().failure();
    advance(seconds(15)).await;
    let error = breaker.acquire().unwrap_err();
    let Error::Rejected(rejected) = &error else {
        panic!("the breaker is open");
    };
    assert_eq!(rejected.breaker().as_str(), "calls");
    assert_eq!(rejected.key().unwrap().as_str(), "eu");
    assert_eq!((rejected.state(), rejected.attempts()), (State::Open, 0));
    assert_eq!(rejected.retry_in(), Some(seconds(45)));
    assert_eq!((rejected.operation(), rejected.last_error()), (None, None));
    assert_eq!(rejected.elapsed(), seconds(0));
    assert_eq!(error.breaker(), Some("calls"));
    assert_eq!(
        (error.state(), error.retry_in(), error.trace_id()),
        (
            Some(State::Open),
            Some(seconds(45)),
            Some(rejected.trace_id())
        )
    );
    assert_eq!(
        error.to_string(),
        format!(
            "circuit breaker `calls` for key `eu` is open, retry in 45s; trace {}",
            rejected.trace_id()
        )
    );
    breaker.force_open();
    let error = breaker.acquire().unwrap_err();
    assert_eq!(
        (error.state(), error.retry_in()),
        (Some(State::ForcedOpen), None)
    );
    assert!(
        error
            .to_string()
            .starts_with("circuit breaker `calls` for key `eu` is forced_open; trace ")
    );
    assert_eq!(error.classify(), Verdict::Ignore);
    let io = io::Error::from(error);
    assert_eq!(
        (io.kind(), io.classify()),
        (io::ErrorKind::ConnectionRefused, Verdict::Ignore)
    );
}

#[tokio::test(start_paused = true)]
async fn a_rejection_by_an_inner_breaker_says_nothing_to_an_outer_one() {
    let (outer, inner) = (breaker(threshold(1)), breaker(threshold(1)));
    inner.force_open();
    let through_both = outer.call(inner.call(async { Ok::<(), Error>(()) })).await;
    assert_eq!(through_both.unwrap_err().state(), Some(State::ForcedOpen));
    assert_eq!((outer.state(), failures(&outer)), (State::Closed, 0));
}

async fn hang() -> Result<(), Error> {
    pending().await
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_call_is_neutral_unless_the_settings_say_otherwise() {
    for (on_cancel, left) in [(OnCancel::Ignore, 1), (OnCancel::Failure, 2)] {
        let breaker = breaker(threshold(9).with_on_cancel(on_cancel));
        breaker.acquire().unwrap().failure();
        assert!(timeout(seconds(1), breaker.call(hang())).await.is_err());
        assert_eq!(failures(&breaker), left, "{on_cancel:?}");
        // Never polled, it has never asked.
        drop(breaker.call(hang()));
        assert_eq!(failures(&breaker), left, "{on_cancel:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_probe_gives_its_place_back() {
    let breaker = breaker(threshold(1));
    breaker.acquire().unwrap().failure();
    advance(seconds(60)).await;
    assert!(timeout(seconds(1), breaker.call(hang())).await.is_err());
    assert_eq!(
        (breaker.state(), breaker.snapshot().core.probes),
        (State::HalfOpen, 0)
    );
    assert!(breaker.acquire().unwrap().is_probe());
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_failure() {
    let breaker = breaker(threshold(9));
    let own = breaker.clone();
    let panicked = tokio::spawn(async move {
        own.call(async {
            tokio::task::yield_now().await;
            panic!("of the body")
        })
        .await
        .map_err(|error: Error| error)
        .map(|(): ()| ())
    });
    assert!(panicked.await.unwrap_err().is_panic());
    assert_eq!(failures(&breaker), 1);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        breaker.call_blocking(|| -> Result<(), Error> { panic!("of the body") })
    }));
    assert_eq!(
        panicked.unwrap_err().downcast_ref::<&str>(),
        Some(&"of the body")
    );
    assert_eq!(failures(&breaker), 2);
}

#[tokio::test(start_paused = true)]
async fn a_siblings_panic_is_a_cancellation() {
    let breaker = breaker(threshold(9));
    let own = breaker.clone();
    let panicked = tokio::spawn(async move {
        let sibling = async {
            tokio::task::yield_now().await;
            panic!("of a sibling")
        };
        let (_, ()) = tokio::join!(own.call(hang()), sibling);
    });
    assert!(panicked.await.unwrap_err().is_panic());
    assert_eq!(failures(&breaker), 0);
}

#[test]
fn a_call_can_be_sent_and_holds_its_body_once() {
    fn sent<T: Send>(_: &T) {}
    let breaker = breaker(threshold(1));
    let body = async {
        let big = [0_u8; 4096];
        tokio::task::yield_now().await;
        Ok::<_, Error>(big[7])
    };
    let size = size_of_val(&body);
    let call = breaker.call(body);
    sent(&call);
    assert!(
        size_of_val(&call) <= size + 64,
        "{} over {size}",
        size_of_val(&call)
    );
}

/// An error that cannot be classified.
#[derive(Debug)]
struct Odd;

impl From<Error> for Odd {
    fn from(_: Error) -> Self {
        Self
    }
}

impl Classify for Odd {
    fn classify(&self) -> Verdict {
        panic!("of `Classify`")
    }
}

#[tokio::test(start_paused = true)]
async fn a_classify_that_panics_leaves_a_failure() {
    let breaker = breaker(threshold(9));
    let own = breaker.clone();
    let panicked = tokio::spawn(async move { own.call(async { Err::<(), _>(Odd) }).await });
    assert!(panicked.await.unwrap_err().is_panic());
    assert_eq!(failures(&breaker), 1);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        breaker.call_blocking(|| Err::<(), _>(Odd))
    }));
    assert!(panicked.is_err());
    assert_eq!(failures(&breaker), 2);
}

#[tokio::test(start_paused = true)]
async fn blocking_calls_see_the_same_time_as_others() {
    let breaker = breaker(threshold(1));
    breaker.acquire().unwrap().failure();
    advance(seconds(59)).await;
    let call = || breaker.call_blocking(|| Ok::<_, Error>(1));
    assert_eq!(call().unwrap_err().retry_in(), Some(seconds(1)));
    advance(seconds(1)).await;
    assert_eq!(call(), Ok(1));
}
