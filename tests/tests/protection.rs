//! Retries over a breaker, without attributes: what the engine and the breaker do together.

use std::cell::Cell;
use std::future::{Ready, pending, ready};
use std::io;
use std::time::Duration;

use wait_or_die::breaker::State;
use wait_or_die::wait_or_die;
use wait_or_die::{
    Breaker, BreakerPolicy, Budget, BudgetPolicy, Error, Jitter, Protection, RetryPolicy, Window,
    testing,
};
use wait_or_die_tests::{Starts, now, refused};

const SECOND: Duration = Duration::from_secs(1);

/// One second between attempts.
const RETRIES: RetryPolicy = RetryPolicy::new()
    .with_initial_wait(SECOND)
    .with_max_wait(SECOND)
    .with_jitter(Jitter::None);

/// Minimum 4, rate 0.75, half-open success 2, recovery 50 s.
const RATE: BreakerPolicy = BreakerPolicy::new()
    .with_failure_rate(0.75)
    .with_window(Window::Calls(4))
    .with_minimum_calls(4)
    .with_success_threshold(2)
    .with_recovery_timeout(Duration::from_secs(50));

fn breaker(policy: BreakerPolicy) -> Breaker {
    Breaker::new("backend", policy).unwrap()
}

fn rejection(error: &io::Error) -> &Error {
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    error.get_ref().unwrap().downcast_ref().unwrap()
}

/// Always fails, and counts.
fn failing(calls: &Cell<u32>) -> Ready<io::Result<()>> {
    calls.set(calls.get() + 1);
    ready(Err(refused()))
}

/// Never comes back.
async fn panicking() -> io::Result<()> {
    panic!("the body's own")
}

#[wait_or_die(max_retries = 1, initial_wait = "1s", budget = "backend")]
async fn with_the_same_budget() -> io::Result<()> {
    Err(refused())
}

#[tokio::test(start_paused = true)]
async fn seven_retries_over_a_breaker_of_four_make_four_attempts_and_a_rejection() {
    let _scope = testing::scope(1);
    let protection =
        Protection::new("ask", RETRIES.with_max_retries(7)).with_breaker(breaker(RATE));
    let (calls, started) = (Cell::new(0), Starts::new());
    let error = protection.run(|| failing(&calls)).await.unwrap_err();
    let told = rejection(&error);
    assert_eq!((calls.get(), told.attempts()), (4, 4));
    assert_eq!(told.operation(), Some("ask"));
    assert_eq!(told.breaker(), Some("backend"));
    assert_eq!(told.state(), Some(State::Open));
    assert_eq!(told.retry_in(), Some(50 * SECOND));
    assert!(told.last_error().is_some());
    // Three waits; none for a retry that would be refused.
    assert_eq!(started.elapsed(), 3000);
    // The next call is not made at all.
    let error = protection.run(|| failing(&calls)).await.unwrap_err();
    assert_eq!((calls.get(), rejection(&error).attempts()), (4, 0));
    assert_eq!(started.elapsed(), 3000);
}

#[test]
fn seven_blocking_retries_over_a_breaker_of_four() {
    let scope = testing::scope(1);
    let protection =
        Protection::new("ask", RETRIES.with_max_retries(7)).with_breaker(breaker(RATE));
    let mut calls = 0;
    let mut fail = || {
        calls += 1;
        Err::<(), _>(refused())
    };
    let error = protection.run_blocking(&mut fail).unwrap_err();
    assert_eq!(rejection(&error).attempts(), 4);
    assert_eq!(rejection(&error).retry_in(), Some(50 * SECOND));
    scope.advance(20 * SECOND);
    let error = protection.run_blocking(&mut fail).unwrap_err();
    assert_eq!(rejection(&error).retry_in(), Some(30 * SECOND));
    assert_eq!(calls, 4);
}

#[tokio::test(start_paused = true)]
async fn two_retries_over_a_breaker_of_four_give_the_bodys_own_error() {
    let _scope = testing::scope(1);
    let breaker = breaker(RATE);
    let protection =
        Protection::new("ask", RETRIES.with_max_retries(2)).with_breaker(breaker.clone());
    let calls = Cell::new(0);
    let error = protection.run(|| failing(&calls)).await.unwrap_err();
    assert_eq!(calls.get(), 3);
    assert!(error.get_ref().is_none(), "not ours");
    assert_eq!(breaker.state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_is_refused_is_not_paid_for() {
    let _scope = testing::scope(1);
    let budget = Budget::new(
        BudgetPolicy::new()
            .with_ratio(0.0)
            .with_reserve_per_second(10),
    )
    .unwrap();
    let protection = Protection::new("ask", RETRIES.with_max_retries(7))
        .with_budget(budget.clone())
        .with_breaker(breaker(RATE));
    let calls = Cell::new(0);
    protection.run(|| failing(&calls)).await.unwrap_err();
    let left = budget.snapshot(now());
    assert_eq!((left.withdrawn, left.returned), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn our_own_time_outs_are_failures() {
    let _scope = testing::scope(1);
    let breaker = breaker(BreakerPolicy::new().with_failure_threshold(2));
    let policy = RETRIES.with_attempt_timeout(2 * SECOND).with_max_retries(5);
    let protection = Protection::new("ask", policy).with_breaker(breaker.clone());
    let started = Starts::new();
    let error = protection.run(pending::<io::Result<()>>).await.unwrap_err();
    assert_eq!(rejection(&error).attempts(), 2);
    assert_eq!((breaker.state(), started.elapsed()), (State::Open, 5000));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_failure_and_a_dropped_call_is_not() {
    let _scope = testing::scope(1);
    let breaker = breaker(BreakerPolicy::new().with_failure_threshold(1));
    let protection = Protection::new("ask", RETRIES).with_breaker(breaker.clone());
    tokio::select! {
        biased;
        _ = protection.run(pending::<io::Result<()>>) => unreachable!(),
        () = ready(()) => {}
    }
    assert_eq!(breaker.state(), State::Closed);
    let call = tokio::spawn(async move { protection.run(panicking).await });
    assert!(call.await.unwrap_err().is_panic());
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_an_open_breaker_pays_nothing_and_becomes_the_probe() {
    let _scope = testing::scope(1);
    let breaker = breaker(BreakerPolicy::new().with_failure_threshold(1));
    let budget = Budget::new(BudgetPolicy::DEFAULT).unwrap();
    let protection = Protection::new("ask", RETRIES.with_max_retries(0))
        .with_budget(budget.clone())
        .with_breaker(breaker.clone())
        .waiting_when_open();
    breaker.acquire().unwrap().failure();
    let started = Starts::new();
    protection.run(async || io::Result::Ok(())).await.unwrap();
    // The recovery time, and some of `initial_wait` that spreads callers.
    assert_eq!(started.elapsed(), 61_972);
    assert_eq!(breaker.state(), State::Closed);
    assert_eq!(budget.snapshot(now()).withdrawn, 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_does_not_wait_for_a_recovery_past_its_deadline() {
    let _scope = testing::scope(1);
    let breaker = breaker(BreakerPolicy::new().with_failure_threshold(1));
    let protection = Protection::new("ask", RETRIES.with_timeout(60 * SECOND))
        .with_breaker(breaker.clone())
        .waiting_when_open();
    breaker.acquire().unwrap().failure();
    let started = Starts::new();
    let error = protection
        .run(async || io::Result::Ok(()))
        .await
        .unwrap_err();
    assert_eq!(rejection(&error).retry_in(), Some(60 * SECOND));
    assert_eq!(started.elapsed(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_change_wakes_those_who_wait() {
    let _scope = testing::scope(1);
    let breaker = breaker(BreakerPolicy::new().with_failure_threshold(1));
    let protection = Protection::new("ask", RETRIES)
        .with_breaker(breaker.clone())
        .waiting_when_open();
    breaker.acquire().unwrap().failure();
    let started = Starts::new();
    let reset = async {
        tokio::time::sleep(7 * SECOND).await;
        breaker.reset();
    };
    let (out, ()) = tokio::join!(protection.run(async || io::Result::Ok(())), reset);
    out.unwrap();
    assert_eq!(started.elapsed(), 8_604);
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_is_forced_open_rejects_at_the_deadline() {
    let _scope = testing::scope(1);
    let breaker = breaker(BreakerPolicy::new());
    let protection = Protection::new("ask", RETRIES.with_timeout(30 * SECOND))
        .with_breaker(breaker.clone())
        .waiting_when_open();
    breaker.force_open();
    let started = Starts::new();
    let error = protection
        .run(async || io::Result::Ok(()))
        .await
        .unwrap_err();
    let told = rejection(&error);
    assert_eq!(
        (told.state(), told.retry_in()),
        (Some(State::ForcedOpen), None)
    );
    assert_eq!((told.elapsed(), started.elapsed()), (30 * SECOND, 30_000));
}

#[test]
fn a_blocking_call_waits_too() {
    let scope = testing::scope(1);
    let breaker = breaker(BreakerPolicy::new().with_failure_threshold(1));
    let protection = Protection::new("ask", RETRIES)
        .with_breaker(breaker.clone())
        .waiting_when_open();
    breaker
        .call_blocking(|| Err::<(), _>(refused()))
        .unwrap_err();
    protection.run_blocking(|| io::Result::Ok(())).unwrap();
    assert_eq!(breaker.state(), State::Closed);
    drop(scope);
}

#[tokio::test(start_paused = true)]
async fn retries_are_paid_from_the_budget_of_the_breakers_name() {
    let _scope = testing::scope(1);
    // The reserve is 30 retries, which the two share.
    let policy = BreakerPolicy::new().with_failure_threshold(1_000);
    let storm = RETRIES
        .with_initial_wait(Duration::ZERO)
        .with_max_retries(200);
    let protection =
        Protection::new("ask", storm).with_breaker(Breaker::register("backend", policy).unwrap());
    let calls = Cell::new(0);
    protection.run(|| failing(&calls)).await.unwrap_err();
    assert_eq!(calls.get(), 31);
    let started = Starts::new();
    with_the_same_budget().await.unwrap_err();
    assert_eq!(started.elapsed(), 0);
}
