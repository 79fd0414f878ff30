//! Functions of one breaker that call one another, with and without retries of their own.

use std::cell::Cell;

use wait_or_die::{circuit_breaker, testing, wait_or_die};

use super::*;

#[circuit_breaker(name = "mixed", failure_threshold = 9)]
async fn alone(calls: &Cell<u32>) -> io::Result<u32> {
    calls.set(calls.get() + 1);
    answer(true)
}

#[circuit_breaker(name = "mixed")]
#[wait_or_die(max_retries = 2, strategy = fixed, jitter = none)]
async fn retried(calls: &Cell<u32>) -> io::Result<u32> {
    calls.set(calls.get() + 1);
    answer(true)
}

#[circuit_breaker(name = "mixed")]
#[wait_or_die(max_retries = 2, strategy = fixed, jitter = none)]
fn plain_retried(calls: &Cell<u32>) -> io::Result<u32> {
    calls.set(calls.get() + 1);
    answer(true)
}

#[tokio::test(start_paused = true)]
async fn retries_inside_a_call_of_the_breaker_are_one_failure() {
    #[circuit_breaker(name = "mixed")]
    async fn outer(calls: &Cell<u32>) -> io::Result<u32> {
        retried(calls).await
    }
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    outer(&calls).await.unwrap_err();
    assert_eq!((calls.get(), failures("mixed")), (3, 1));
    // By itself each of its attempts counts.
    found("mixed").reset();
    retried(&calls).await.unwrap_err();
    assert_eq!((calls.get(), failures("mixed")), (6, 3));
}

#[tokio::test(start_paused = true)]
async fn each_attempt_round_a_call_of_the_breaker_is_one_failure() {
    #[circuit_breaker(name = "mixed")]
    #[wait_or_die(max_retries = 3, strategy = fixed, jitter = none)]
    async fn outer(calls: &Cell<u32>) -> io::Result<u32> {
        alone(calls).await
    }
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    outer(&calls).await.unwrap_err();
    assert_eq!((calls.get(), failures("mixed")), (4, 4));
}

#[tokio::test(start_paused = true)]
async fn with_retries_on_both_sides_each_outer_attempt_is_one_failure() {
    #[circuit_breaker(name = "mixed")]
    #[wait_or_die(max_retries = 1, strategy = fixed, jitter = none)]
    async fn outer(calls: &Cell<u32>) -> io::Result<u32> {
        retried(calls).await
    }
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    outer(&calls).await.unwrap_err();
    assert_eq!((calls.get(), failures("mixed")), (6, 2));
}

#[tokio::test(start_paused = true)]
async fn plain_retries_inside_an_asynchronous_call_are_one_failure() {
    #[circuit_breaker(name = "mixed")]
    #[wait_or_die(max_retries = 1, strategy = fixed, jitter = none)]
    async fn outer(calls: &Cell<u32>) -> io::Result<u32> {
        plain_retried(calls)
    }
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    outer(&calls).await.unwrap_err();
    assert_eq!((calls.get(), failures("mixed")), (6, 2));
}

#[test]
fn plain_retries_inside_plain_ones_are_one_failure_for_each_outer_attempt() {
    #[circuit_breaker(name = "mixed")]
    #[wait_or_die(max_retries = 1, strategy = fixed, jitter = none)]
    fn outer(calls: &Cell<u32>) -> io::Result<u32> {
        plain_retried(calls)
    }
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    outer(&calls).unwrap_err();
    assert_eq!((calls.get(), failures("mixed")), (6, 2));
}

#[tokio::test(start_paused = true)]
async fn a_probe_may_retry_inside() {
    #[circuit_breaker(name = "recovers", failure_threshold = 1, recovery_timeout = "1s")]
    #[wait_or_die(max_retries = 2, strategy = fixed, jitter = none)]
    async fn inner(refusals: &Cell<u32>) -> io::Result<u32> {
        let left = refusals.get();
        refusals.set(left.saturating_sub(1));
        answer(left > 0)
    }
    #[circuit_breaker(name = "recovers")]
    async fn outer(refusals: &Cell<u32>) -> io::Result<u32> {
        inner(refusals).await
    }
    let _scope = testing::scope(1);
    outer(&Cell::new(3)).await.unwrap_err();
    assert_eq!(state("recovers"), State::Open);
    tokio::time::advance(2 * SECOND).await;
    assert_eq!(outer(&Cell::new(2)).await.unwrap(), 1);
    assert_eq!(state("recovers"), State::Closed);
}
