//! Functions of one breaker that call one another, with and without retries of their own.

use std::cell::Cell;

use wait_or_die::settings::{self, CallSettings, Settings};
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

/// Functions that call one another, each with a breaker.
macro_rules! chain {
    ($($outer:ident($name:literal) calls $inner:ident;)*) => {
        $(
            #[circuit_breaker(name = $name)]
            fn $outer() -> io::Result<u32> {
                $inner()
            }
        )*
    };
}

#[circuit_breaker(name = "deep")]
fn deepest() -> io::Result<u32> {
    answer(true)
}

chain! {
    eighth("deep") calls deepest;
    seventh("deep 7") calls eighth;
    sixth("deep 6") calls seventh;
    fifth("deep 5") calls sixth;
    fourth("deep 4") calls fifth;
    third("deep 3") calls fourth;
    second("deep 2") calls third;
    first("deep 1") calls second;
}

#[test]
fn the_eighth_breaker_that_is_held_is_known_too() {
    let _scope = testing::scope(1);
    first().unwrap_err();
    assert_eq!((failures("deep 1"), failures("deep")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_switched_off_has_no_permit_to_go_with() {
    #[circuit_breaker(name = "mixed")]
    #[wait_or_die(name = "switched off", max_retries = 3)]
    async fn outer(calls: &Cell<u32>) -> io::Result<u32> {
        alone(calls).await
    }
    let _scope = testing::scope(1);
    let off = CallSettings::new().with_enabled(false);
    settings::apply(Settings::new().with_call("switched off", off)).unwrap();
    let calls = Cell::new(0);
    outer(&calls).await.unwrap_err();
    assert_eq!((calls.get(), failures("mixed")), (1, 1));
}
