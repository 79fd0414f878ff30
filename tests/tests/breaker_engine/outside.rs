//! What only looks nested, or is so for a while.

use std::future::{Future, pending, poll_fn};
use std::io;
use std::pin::Pin;
use std::task::Poll;

use wait_or_die::breaker::State;
use wait_or_die::{
    Breaker, BreakerPolicy, Budget, BudgetPolicy, circuit_breaker, testing, wait_or_die,
};
use wait_or_die_tests::{now, refused};

use super::SECOND;

type Begun = Pin<Box<dyn Future<Output = io::Result<u32>>>>;

fn failures(name: &str) -> u32 {
    let breaker = Breaker::find(name).unwrap();
    breaker.snapshot().core.consecutive_failures
}

#[circuit_breaker(name = "outside.driven")]
#[allow(clippy::unused_async)]
async fn in_a_task() -> io::Result<u32> {
    Err(refused())
}

#[circuit_breaker(name = "outside.driven")]
fn drives_a_runtime() -> io::Result<u32> {
    driven(in_a_task())
}

/// What a task comes to, in a runtime of its own.
fn driven(task: impl Future<Output = io::Result<u32>> + Send + 'static) -> io::Result<u32> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async { tokio::spawn(task).await.unwrap() })
}

#[test]
fn a_task_of_a_runtime_that_a_plain_function_drives_asks_for_itself() {
    let _scope = testing::scope(1);
    drives_a_runtime().unwrap_err();
    assert_eq!(failures("outside.driven"), 2);
}

#[circuit_breaker(name = "outside.through")]
fn through() -> io::Result<u32> {
    driven_now()
}

#[circuit_breaker(name = "outside.driven")]
fn driven_now() -> io::Result<u32> {
    Err(refused())
}

#[circuit_breaker(name = "outside.driven")]
fn drives_another() -> io::Result<u32> {
    driven(async { through() })
}

#[test]
fn so_does_what_another_plain_function_calls_in_that_task() {
    let _scope = testing::scope(1);
    drives_another().unwrap_err();
    assert_eq!(failures("outside.driven"), 2);
    assert_eq!(failures("outside.through"), 1);
    // In the task itself the two are one.
    drives_itself().unwrap_err();
    assert_eq!(failures("outside.through"), 2);
}

#[circuit_breaker(name = "outside.through")]
fn through_itself() -> io::Result<u32> {
    through()
}

fn drives_itself() -> io::Result<u32> {
    driven(async { through_itself() })
}

#[circuit_breaker(name = "outside.begun", failure_threshold = 9)]
#[wait_or_die(max_retries = 2, strategy = fixed, jitter = none)]
async fn retried() -> io::Result<u32> {
    Err(refused())
}

/// Polls it once, and goes.
#[circuit_breaker(name = "outside.begun", failure_threshold = 9)]
async fn begins(call: &mut Begun) -> io::Result<u32> {
    poll_fn(|cx| {
        assert!(call.as_mut().poll(cx).is_pending());
        Poll::Ready(Ok(1))
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn a_retry_asks_again_where_it_is_made() {
    let _scope = testing::scope(1);
    let mut call: Begun = Box::pin(retried());
    begins(&mut call).await.unwrap();
    assert_eq!(failures("outside.begun"), 0);
    call.await.unwrap_err();
    // The first attempt went with the outer call's permit, the two behind it with their own.
    assert_eq!(failures("outside.begun"), 2);
}

#[circuit_breaker(name = "outside.paid", failure_threshold = 9)]
#[wait_or_die(max_retries = 3, initial_wait = 0, max_wait = 0)]
async fn paid() -> io::Result<u32> {
    Err(refused())
}

#[circuit_breaker(name = "outside.paid")]
async fn pays() -> io::Result<u32> {
    paid().await
}

#[circuit_breaker(name = "outside.paid.plain", failure_threshold = 9)]
#[wait_or_die(max_retries = 3, initial_wait = 0, max_wait = 0)]
fn paid_plain() -> io::Result<u32> {
    Err(refused())
}

#[circuit_breaker(name = "outside.paid.plain")]
fn pays_plain() -> io::Result<u32> {
    paid_plain()
}

/// Outside a scope, where a budget can be looked at by its name.
fn paid_from(name: &'static str) -> (u64, u64, u64) {
    let budget = Budget::named(name, BudgetPolicy::DEFAULT).unwrap();
    let left = budget.snapshot(now());
    (left.withdrawn, left.returned, left.sleeping)
}

#[tokio::test(start_paused = true)]
async fn retries_inside_a_call_of_the_breaker_are_paid_for() {
    pays().await.unwrap_err();
    assert_eq!(paid_from("outside.paid"), (3, 0, 0));
    pays_plain().unwrap_err();
    assert_eq!(paid_from("outside.paid.plain"), (3, 0, 0));
}

#[wait_or_die(timeout = "5s", max_retries = 0)]
async fn bounds(breaker: &Breaker) -> io::Result<u32> {
    breaker.call(pending()).await
}

#[wait_or_die(timeout = "5s", max_retries = 0)]
async fn bounds_a_permit(breaker: &Breaker) -> io::Result<u32> {
    let _permit = breaker.acquire()?;
    pending().await
}

#[tokio::test(start_paused = true)]
async fn breakers_without_an_attribute_count_what_a_deadline_around_them_cuts_off() {
    let _scope = testing::scope(1);
    let breaker = Breaker::new("outside.cut", BreakerPolicy::DEFAULT).unwrap();
    bounds(&breaker).await.unwrap_err();
    assert_eq!(breaker.snapshot().core.consecutive_failures, 1);
    bounds_a_permit(&breaker).await.unwrap_err();
    assert_eq!(breaker.snapshot().core.consecutive_failures, 2);
    // A caller's own bound is a cancellation.
    let gone = tokio::time::timeout(SECOND, breaker.call(pending::<io::Result<u32>>()));
    gone.await.unwrap_err();
    assert_eq!(breaker.snapshot().core.consecutive_failures, 2);
}

#[tokio::test(start_paused = true)]
async fn calls_without_an_attribute_go_with_the_permit_around_them() {
    let _scope = testing::scope(1);
    let breaker = Breaker::new("outside.nested", BreakerPolicy::DEFAULT).unwrap();
    let inner = || breaker.call(async { Err::<u32, _>(refused()) });
    breaker.call(inner()).await.unwrap_err();
    assert_eq!(breaker.snapshot().core.consecutive_failures, 1);
    let twice = || breaker.call_blocking(|| Err::<u32, _>(refused()));
    breaker.call_blocking(twice).unwrap_err();
    assert_eq!(breaker.snapshot().core.consecutive_failures, 2);
    // Half-open has one place, which the outer call takes for both.
    breaker.reset();
    breaker.reconfigure(super::FRAGILE).unwrap();
    inner().await.unwrap_err();
    tokio::time::advance(60 * SECOND).await;
    let well = breaker.call(breaker.call(async { io::Result::Ok(1) }));
    assert_eq!(well.await.unwrap(), 1);
    assert_eq!(breaker.state(), State::Closed);
}
