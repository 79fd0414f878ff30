//! What a deadline round a breaker's call is for the breaker, and what a caller's own choice is.

use std::cell::Cell;
use std::future::{pending, ready};

use wait_or_die::{Bound, circuit_breaker, testing, wait_or_die};
use wait_or_die_tests::Starts;

use super::*;

#[circuit_breaker(name = "store", failure_threshold = 4, on_cancel = ignore)]
async fn hangs(calls: &Cell<u32>) -> io::Result<u32> {
    calls.set(calls.get() + 1);
    pending().await
}

#[circuit_breaker(name = "store", failure_threshold = 4, on_cancel = ignore)]
#[wait_or_die(timeout = "60s")]
async fn hangs_with_retries(calls: &Cell<u32>) -> io::Result<u32> {
    calls.set(calls.get() + 1);
    pending().await
}

#[wait_or_die(timeout = "5s", max_retries = 3)]
async fn within_five_seconds(calls: &Cell<u32>) -> io::Result<u32> {
    hangs(calls).await
}

#[tokio::test(start_paused = true)]
async fn an_outer_deadline_that_cuts_a_call_off_is_one_failure() {
    let _scope = testing::scope(1);
    let (calls, started) = (Cell::new(0), Starts::new());
    for failed in 1..4 {
        let error = within_five_seconds(&calls).await.unwrap_err();
        assert_eq!(told(&error).bound(), Some(Bound::Timeout));
        assert_eq!((failures("store"), state("store")), (failed, State::Closed));
    }
    within_five_seconds(&calls).await.unwrap_err();
    assert_eq!((calls.get(), started.elapsed()), (4, 20_000));
    // Nobody waits for it any more.
    let error = within_five_seconds(&calls).await.unwrap_err();
    assert_eq!(told(&error).state(), Some(State::Open));
    assert_eq!((calls.get(), started.elapsed()), (4, 20_000));
}

#[tokio::test(start_paused = true)]
async fn it_is_the_same_of_a_call_with_retries_of_its_own() {
    #[wait_or_die(timeout = "5s", max_retries = 3)]
    async fn outer(calls: &Cell<u32>) -> io::Result<u32> {
        hangs_with_retries(calls).await
    }
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    outer(&calls).await.unwrap_err();
    assert_eq!((calls.get(), failures("store")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn each_attempt_that_the_outer_attempt_timeout_cuts_off_is_one_failure() {
    #[wait_or_die(attempt_timeout = "5s", max_retries = 2, strategy = fixed, jitter = none)]
    async fn outer(calls: &Cell<u32>) -> io::Result<u32> {
        hangs(calls).await
    }
    let _scope = testing::scope(1);
    let (calls, started) = (Cell::new(0), Starts::new());
    let error = outer(&calls).await.unwrap_err();
    assert_eq!(told(&error).bound(), Some(Bound::AttemptTimeout));
    assert_eq!((calls.get(), failures("store")), (3, 3));
    assert_eq!(started.elapsed(), 17_000);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_its_caller_gives_up_is_none() {
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    for _ in 0..5 {
        tokio::select! {
            biased;
            _ = hangs(&calls) => unreachable!(),
            () = ready(()) => {}
        }
        tokio::select! {
            biased;
            _ = hangs_with_retries(&calls) => unreachable!(),
            () = tokio::time::sleep(SECOND) => {}
        }
        tokio::select! {
            biased;
            _ = within_five_seconds(&calls) => unreachable!(),
            () = tokio::time::sleep(SECOND) => {}
        }
    }
    assert_eq!((calls.get(), failures("store")), (15, 0));
}

#[tokio::test(start_paused = true)]
async fn nor_is_one_that_its_caller_gave_up_before_the_deadline() {
    #[wait_or_die(timeout = "5s", max_retries = 3)]
    async fn outer(calls: &Cell<u32>) -> io::Result<u32> {
        tokio::select! {
            biased;
            _ = hangs(calls) => unreachable!(),
            () = tokio::time::sleep(SECOND) => {}
        }
        pending().await
    }
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    outer(&calls).await.unwrap_err();
    assert_eq!((calls.get(), failures("store")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn nor_is_one_that_is_given_up_behind_a_deadline() {
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    within_five_seconds(&calls).await.unwrap_err();
    assert_eq!(failures("store"), 1);
    let given_up = tokio::time::timeout(SECOND, hangs(&calls)).await;
    assert!(given_up.is_err());
    assert_eq!((calls.get(), failures("store")), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_has_ended_before_the_deadline_counts_for_what_it_was() {
    #[circuit_breaker(name = "store", failure_threshold = 4)]
    async fn ends() -> io::Result<u32> {
        tokio::time::sleep(SECOND).await;
        answer(false)
    }
    #[wait_or_die(timeout = "5s", max_retries = 3)]
    async fn outer() -> io::Result<u32> {
        ends().await?;
        pending().await
    }
    let _scope = testing::scope(1);
    within_five_seconds(&Cell::new(0)).await.unwrap_err();
    assert_eq!(failures("store"), 1);
    outer().await.unwrap_err();
    assert_eq!(failures("store"), 0);
}

#[tokio::test(start_paused = true)]
async fn every_breaker_inside_and_the_outer_calls_own_count_one_each() {
    #[circuit_breaker(name = "middle", failure_threshold = 4)]
    async fn middle(calls: &Cell<u32>) -> io::Result<u32> {
        hangs(calls).await
    }
    #[circuit_breaker(name = "outer", failure_threshold = 4)]
    #[wait_or_die(timeout = "5s", max_retries = 3)]
    async fn outer(calls: &Cell<u32>) -> io::Result<u32> {
        middle(calls).await
    }
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    outer(&calls).await.unwrap_err();
    assert_eq!(calls.get(), 1);
    let counted = ["store", "middle", "outer"].map(failures);
    assert_eq!(counted, [1, 1, 1]);
}

#[tokio::test(start_paused = true)]
async fn an_outer_call_of_the_same_breaker_counts_once_for_both() {
    #[circuit_breaker(name = "store", failure_threshold = 4)]
    #[wait_or_die(attempt_timeout = "5s", max_retries = 1, jitter = none)]
    async fn outer(calls: &Cell<u32>) -> io::Result<u32> {
        hangs(calls).await
    }
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    outer(&calls).await.unwrap_err();
    assert_eq!((calls.get(), failures("store")), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn joined_calls_that_are_cut_off_count_one_each() {
    #[wait_or_die(timeout = "5s", max_retries = 3)]
    async fn outer(calls: &Cell<u32>) -> io::Result<u32> {
        let (first, _) = tokio::join!(hangs(calls), hangs_with_retries(calls));
        first
    }
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    outer(&calls).await.unwrap_err();
    assert_eq!((calls.get(), failures("store")), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_cut_off_opens_the_breaker_again() {
    #[circuit_breaker(name = "probed", failure_threshold = 1, recovery_timeout = "1s")]
    async fn inner() -> io::Result<u32> {
        pending().await
    }
    #[wait_or_die(timeout = "5s", max_retries = 3)]
    async fn outer() -> io::Result<u32> {
        inner().await
    }
    let _scope = testing::scope(1);
    outer().await.unwrap_err();
    assert_eq!(state("probed"), State::Open);
    tokio::time::advance(2 * SECOND).await;
    // Given up, a probe gives its place back.
    let given_up = tokio::time::timeout(SECOND, inner()).await;
    assert!(given_up.is_err());
    assert_eq!(state("probed"), State::HalfOpen);
    outer().await.unwrap_err();
    assert_eq!(state("probed"), State::Open);
}

#[tokio::test(start_paused = true)]
async fn between_two_attempts_there_is_nothing_to_cut_off() {
    #[circuit_breaker(name = "store", failure_threshold = 4)]
    #[wait_or_die(max_retries = 3, strategy = fixed, initial_wait = "3s", jitter = none)]
    async fn refused_twice() -> io::Result<u32> {
        answer(true)
    }
    #[wait_or_die(timeout = "5s", max_retries = 3)]
    async fn outer() -> io::Result<u32> {
        // The inner call gives up at 3 s, because of the deadline.
        let (out, ()) = tokio::join!(refused_twice(), pending::<()>());
        out
    }
    let _scope = testing::scope(1);
    outer().await.unwrap_err();
    assert_eq!(failures("store"), 2);
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "the value's own");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_panics_when_it_is_cut_off_leaves_no_trace() {
    #[wait_or_die(timeout = "5s", max_retries = 3)]
    async fn outer() -> io::Result<u32> {
        let _bomb = Bomb;
        pending().await
    }
    let _scope = testing::scope(1);
    assert!(tokio::spawn(outer()).await.unwrap_err().is_panic());
    let calls = Cell::new(0);
    let given_up = tokio::time::timeout(SECOND, hangs(&calls)).await;
    assert!(given_up.is_err());
    assert_eq!((calls.get(), failures("store")), (1, 0));
}
