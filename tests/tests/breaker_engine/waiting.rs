//! Calls that wait for a breaker: when they do not, and for how long.

use std::cell::Cell;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;

use tokio::task::JoinSet;
use wait_or_die::{Budget, BudgetPolicy, Protection, circuit_breaker, testing, wait_or_die};
use wait_or_die_tests::{Starts, now};

use super::*;

/// Twenty seconds between attempts, thirty in all.
const IMPATIENT: RetryPolicy = RETRIES
    .with_timeout(Duration::from_secs(30))
    .with_initial_wait(Duration::from_secs(20))
    .with_max_wait(Duration::from_secs(20));

#[tokio::test(start_paused = true)]
async fn a_retry_whose_breaker_recovers_past_the_deadline_ends_at_once_unpaid() {
    let _scope = testing::scope(1);
    let budget = Budget::new(BudgetPolicy::DEFAULT).unwrap();
    let protection = Protection::new("ask", IMPATIENT)
        .with_breaker(Breaker::new("backend", FRAGILE).unwrap())
        .with_budget(budget.clone())
        .waiting_when_open();
    let (calls, started) = (Cell::new(0), Starts::new());
    let out = protection.run(|| {
        calls.set(calls.get() + 1);
        ready(answer(true))
    });
    let error = out.await.unwrap_err();
    assert_eq!((calls.get(), started.elapsed()), (1, 0));
    assert_eq!(told(&error).retry_in(), Some(60 * SECOND));
    assert_eq!(told(&error).attempts(), 1);
    assert!(told(&error).last_error().is_some());
    assert_eq!(budget.snapshot(now()).withdrawn, 0);
}

#[test]
fn nor_does_one_of_a_plain_function_wait() {
    let _scope = testing::scope(1);
    let protection = Protection::new("ask", IMPATIENT)
        .with_breaker(Breaker::new("backend", FRAGILE).unwrap())
        .waiting_when_open();
    let mut calls = 0;
    let out = protection.run_blocking(|| {
        calls += 1;
        answer(true)
    });
    let error = out.unwrap_err();
    assert_eq!(calls, 1);
    assert_eq!(told(&error).elapsed(), Duration::ZERO);
    assert_eq!(told(&error).retry_in(), Some(60 * SECOND));
}

#[circuit_breaker(name = "waited for", failure_threshold = 1, recovery_timeout = "1s")]
#[wait_or_die(when_open = wait, timeout = "30s", max_retries = 0)]
async fn inner(fails: bool) -> io::Result<u32> {
    answer(fails)
}

#[circuit_breaker(name = "waited for")]
#[wait_or_die(when_open = wait, timeout = "300s", max_retries = 0)]
async fn outer(fails: bool) -> io::Result<u32> {
    inner(fails).await
}

#[circuit_breaker(name = "waited for")]
#[wait_or_die(when_open = wait, timeout = "30s", max_retries = 0)]
fn plain_inner(fails: bool) -> io::Result<u32> {
    answer(fails)
}

#[circuit_breaker(name = "waited for")]
#[wait_or_die(when_open = wait, timeout = "300s", max_retries = 0)]
fn plain_outer(fails: bool) -> io::Result<u32> {
    plain_inner(fails)
}

#[tokio::test(start_paused = true)]
async fn a_call_does_not_wait_for_the_place_that_the_call_around_it_has() {
    let _scope = testing::scope(1);
    outer(true).await.unwrap_err();
    assert_eq!(state("waited for"), State::Open);
    tokio::time::advance(2 * SECOND).await;
    let started = Starts::new();
    assert_eq!(outer(false).await.unwrap(), 1);
    assert_eq!(started.elapsed(), 0);
    assert_eq!(state("waited for"), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn nor_if_the_call_around_it_has_waited_itself() {
    let _scope = testing::scope(1);
    outer(true).await.unwrap_err();
    let started = Starts::new();
    assert_eq!(outer(false).await.unwrap(), 1);
    // The recovery time, and some of `initial_wait` that spreads callers.
    assert_eq!(started.elapsed(), 1_010);
    assert_eq!(state("waited for"), State::Closed);
}

#[test]
fn nor_does_a_plain_function() {
    let scope = testing::scope(1);
    let policy = FRAGILE.with_recovery_timeout(SECOND);
    let breaker = Breaker::register("waited for", policy).unwrap();
    plain_outer(true).unwrap_err();
    assert_eq!(breaker.state(), State::Open);
    scope.advance(2 * SECOND);
    assert_eq!(plain_outer(false).unwrap(), 1);
    assert_eq!(
        (breaker.state(), scope.elapsed()),
        (State::Closed, 2 * SECOND)
    );
}

/// A half-open breaker whose one probe is under way.
async fn half_open() -> (Breaker, wait_or_die::BreakerPermit) {
    let policy = FRAGILE.with_recovery_timeout(100 * SECOND);
    let breaker = Breaker::new("backend", policy).unwrap();
    breaker.acquire().unwrap().failure();
    tokio::time::advance(100 * SECOND).await;
    let probe = breaker.acquire().unwrap();
    (breaker, probe)
}

#[tokio::test(start_paused = true)]
async fn a_call_that_has_waited_in_vain_is_told_what_the_breaker_says_by_then() {
    let _scope = testing::scope(1);
    let (breaker, probe) = half_open().await;
    let protection = Protection::new("ask", RETRIES.with_timeout(30 * SECOND))
        .with_breaker(breaker.clone())
        .waiting_when_open();
    let before = breaker.snapshot().core.retry_in.unwrap();
    let started = Starts::new();
    let out = protection.run(|| ready(answer(false)));
    let error = out.await.unwrap_err();
    assert_eq!(started.elapsed(), 30_000);
    assert_eq!(told(&error).state(), Some(State::HalfOpen));
    assert_eq!(told(&error).retry_in(), before.checked_sub(30 * SECOND));
    assert_eq!(told(&error).retry_in(), breaker.snapshot().core.retry_in);
    drop(probe);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_that_wait_for_one_place_each_are_polled_five_times() {
    let _scope = testing::scope(1);
    let policy = FRAGILE
        .with_success_threshold(10)
        .with_recovery_timeout(SECOND);
    let breaker = Breaker::new("backend", policy).unwrap();
    breaker.acquire().unwrap().failure();
    let protection = Protection::new("ask", RETRIES.with_initial_wait(Duration::ZERO))
        .with_breaker(breaker.clone())
        .waiting_when_open();
    let polls = Arc::new(AtomicU32::new(0));
    let mut calls = JoinSet::new();
    for _ in 0..1_000 {
        let (protection, polls) = (protection.clone(), Arc::clone(&polls));
        calls.spawn(async move {
            let call = protection.run(async || {
                tokio::time::sleep(SECOND / 20).await;
                answer(false)
            });
            let mut call = std::pin::pin!(call);
            std::future::poll_fn(|cx| {
                polls.fetch_add(1, Ordering::Relaxed);
                call.as_mut().poll(cx)
            })
            .await
        });
    }
    let started = Starts::new();
    while let Some(out) = calls.join_next().await {
        out.unwrap().unwrap();
    }
    // Ten probes of 50 ms, one after another; a place that falls free is told to one of those who wait. The draws are seeded, and
    // one thread runs them all, so that the counts are the same each time.
    assert_eq!(started.elapsed(), 1_835);
    assert_eq!(polls.load(Ordering::Relaxed), 4_998);
    assert_eq!(breaker.state(), State::Closed);
}

/// Polls a call once; it is not ready.
async fn begin<F: Future<Output = io::Result<u32>>>(mut call: Pin<&mut F>) {
    std::future::poll_fn(|cx| {
        assert!(call.as_mut().poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_goes_away_leaves_the_place_it_was_told_of_to_the_next() {
    let _scope = testing::scope(1);
    let (breaker, probe) = half_open().await;
    let protection = Protection::new("ask", RETRIES.with_timeout(600 * SECOND))
        .with_breaker(breaker.clone())
        .waiting_when_open();
    let started = Starts::new();
    let mut first = Box::pin(protection.run(|| ready(answer(false))));
    let mut second = Box::pin(protection.run(|| ready(answer(false))));
    begin(first.as_mut()).await;
    begin(second.as_mut()).await;
    drop(probe);
    begin(first.as_mut()).await;
    drop(first);
    second.await.unwrap();
    // Some of a twentieth of the recovery time, and long before the lease of a probe would be over.
    assert_eq!(started.elapsed(), 3_895);
    assert_eq!(breaker.state(), State::Closed);
}
