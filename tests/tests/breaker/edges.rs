//! Between attempts, and where a deadline, a fallback or a cancellation meets a breaker.

use std::cell::Cell;
use std::time::Duration;

use wait_or_die::{Breaker, Error, circuit_breaker, testing, wait_or_die};

use super::forms::{Failure, Out};

/// What the body does, in milliseconds before it answers.
#[derive(Clone, Copy)]
enum Body {
    Answers(u64, bool),
    Hangs,
}

async fn body(body: Body, ran: &Cell<u32>) -> Out {
    ran.set(ran.get() + 1);
    match body {
        Body::Hangs => std::future::pending().await,
        Body::Answers(after, fine) => {
            tokio::time::sleep(Duration::from_millis(after)).await;
            if fine { Ok(()) } else { Err(Failure::Lost) }
        }
    }
}

#[circuit_breaker(
    name = "edge",
    failure_threshold = 1,
    recovery_timeout = "10s",
    on_cancel = failure
)]
#[wait_or_die(when_open = wait, timeout = "60s", max_retries = 0, initial_wait = 0, max_wait = 0)]
async fn waits(act: Body, ran: &Cell<u32>) -> Out {
    body(act, ran).await
}

#[circuit_breaker(name = "edge")]
#[wait_or_die(max_retries = 3, initial_wait = "20s", jitter = none)]
async fn retries(act: Body, ran: &Cell<u32>) -> Out {
    body(act, ran).await
}

fn seen() -> (&'static str, u32) {
    let core = Breaker::find("edge").unwrap().snapshot().core;
    (core.state.as_str(), core.generation)
}

async fn open(ran: &Cell<u32>) {
    let failed = waits(Body::Answers(0, false), ran).await;
    assert_eq!(failed, Err(Failure::Lost));
    assert_eq!(seen(), ("open", 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_while_it_waits_for_the_breaker_is_no_failure() {
    let _scope = testing::scope(1);
    let ran = Cell::new(0);
    open(&ran).await;
    let waiting = waits(Body::Answers(0, true), &ran);
    let cut = tokio::time::timeout(Duration::from_secs(5), waiting).await;
    assert!(cut.is_err());
    assert_eq!((seen(), ran.get()), (("open", 1), 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_between_two_attempts_is_no_second_failure() {
    let _scope = testing::scope(1);
    let ran = Cell::new(0);
    waits(Body::Answers(0, true), &ran).await.unwrap();
    Breaker::find("edge")
        .unwrap()
        .reconfigure(
            Breaker::find("edge")
                .unwrap()
                .policy()
                .with_failure_threshold(2),
        )
        .unwrap();
    let waiting = retries(Body::Answers(0, false), &ran);
    let cut = tokio::time::timeout(Duration::from_secs(5), waiting).await;
    assert!(cut.is_err());
    let core = Breaker::find("edge").unwrap().snapshot().core;
    assert_eq!(
        (core.state.as_str(), core.consecutive_failures),
        ("closed", 1)
    );
    // During an attempt it is one.
    let running = retries(Body::Hangs, &ran);
    let cut = tokio::time::timeout(Duration::from_secs(5), running).await;
    assert!(cut.is_err());
    assert_eq!(seen(), ("open", 1));
}

#[tokio::test(start_paused = true)]
async fn a_place_that_falls_free_wakes_who_waits() {
    let scope = testing::scope(1);
    let ran = Cell::new(0);
    open(&ran).await;
    let breaker = Breaker::find("edge").unwrap();
    breaker
        .reconfigure(
            breaker
                .policy()
                .with_on_cancel(wait_or_die::OnCancel::Ignore),
        )
        .unwrap();
    let probe = tokio::time::timeout(Duration::from_secs(15), waits(Body::Hangs, &ran));
    let after = async {
        tokio::time::sleep(Duration::from_secs(11)).await;
        waits(Body::Answers(0, true), &ran).await
    };
    let (probe, after) = tokio::join!(probe, after);
    assert!(probe.is_err());
    assert_eq!(after, Ok(()));
    // As soon as the probe is gone, but for a twentieth of the recovery time over which callers are spread.
    let elapsed = scope.elapsed().as_millis();
    assert!((15_000..=15_500).contains(&elapsed), "{elapsed}");
    assert_eq!((seen().0, ran.get()), ("closed", 3));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_a_place_until_its_deadline_is_rejected_then() {
    let scope = testing::scope(1);
    let ran = Cell::new(0);
    open(&ran).await;
    tokio::time::advance(Duration::from_secs(10)).await;
    let probe = tokio::time::timeout(Duration::from_secs(200), retries(Body::Hangs, &ran));
    let (_, out) = tokio::join!(probe, async {
        let out = waits(Body::Answers(0, true), &ran).await;
        (out, scope.elapsed())
    });
    let (Err(Failure::Dead(error @ Error::Rejected(_))), elapsed) = out else {
        panic!("{out:?}")
    };
    assert_eq!(elapsed, Duration::from_secs(70));
    assert_eq!(
        (error.attempts(), error.elapsed()),
        (0, Duration::from_secs(60))
    );
    assert_eq!(error.state().unwrap().as_str(), "half_open");
    assert_eq!(ran.get(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_an_outer_call_bounds_the_wait() {
    #[wait_or_die(timeout = "9s", max_retries = 0)]
    async fn outer(ran: &Cell<u32>) -> Out {
        waits(Body::Answers(0, true), ran).await
    }
    let scope = testing::scope(1);
    let ran = Cell::new(0);
    open(&ran).await;
    let out = outer(&ran).await;
    assert!(
        matches!(out, Err(Failure::Dead(Error::Rejected(_)))),
        "{out:?}"
    );
    assert!(scope.elapsed().is_zero(), "recovery lies past it");
}

#[circuit_breaker(
    name = "slow-edge",
    failure_rate = 1.0,
    window = 1,
    slow_call = "5s",
    slow_call_rate = 1.0
)]
#[wait_or_die(when_open = wait, max_retries = 1, initial_wait = 0, max_wait = 0)]
async fn slow(act: Body, ran: &Cell<u32>) -> Out {
    body(act, ran).await
}

#[tokio::test(start_paused = true)]
async fn time_spent_waiting_for_the_breaker_makes_no_call_slow() {
    let scope = testing::scope(1);
    let ran = Cell::new(0);
    slow(Body::Answers(5000, true), &ran).await.unwrap();
    let state = || Breaker::find("slow-edge").unwrap().state().as_str();
    assert_eq!(state(), "open");
    slow(Body::Answers(4999, true), &ran).await.unwrap();
    let elapsed = scope.elapsed().as_millis();
    assert!((69_999..=72_999).contains(&elapsed), "{elapsed}");
    assert_eq!(state(), "closed");
}

#[circuit_breaker(name = "with-fallback", failure_threshold = 1)]
#[wait_or_die(max_retries = 5, initial_wait = 0, max_wait = 0, fallback = instead)]
async fn with_fallback(told: &Cell<Option<u32>>) -> Out {
    told.set(None);
    Err(Failure::Lost)
}

#[allow(clippy::unused_async)] // a fallback of an `async fn` is one
async fn instead(told: &Cell<Option<u32>>, error: Failure) -> Out {
    match error {
        Failure::Dead(error) => {
            told.set(Some(error.attempts()));
            Ok(())
        }
        other => Err(other),
    }
}

#[tokio::test(start_paused = true)]
async fn a_fallback_stands_in_for_a_rejection() {
    let _scope = testing::scope(1);
    let told = Cell::new(None);
    for attempts in [1, 0, 0] {
        with_fallback(&told).await.unwrap();
        assert_eq!(told.get(), Some(attempts));
    }
    // What it answers is none of the breaker's concern.
    assert_eq!(
        Breaker::find("with-fallback").unwrap().state().as_str(),
        "open"
    );
}
