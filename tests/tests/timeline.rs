//! The one time of a test scope: plain functions and asynchronous ones, one inside the other.

use std::cell::Cell;
use std::future::pending;
use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use wait_or_die::{Bound, Error, testing, wait_or_die};
use wait_or_die_tests::{Starts, refused};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn paused() -> Runtime {
    Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
}

#[wait_or_die(timeout = "60s", max_retries = 50, strategy = fixed, jitter = none)]
fn plain(calls: &Cell<u32>) -> io::Result<()> {
    calls.set(calls.get() + 1);
    Err(refused())
}

#[wait_or_die(timeout = "60s", max_retries = 50, strategy = fixed, jitter = none)]
async fn asynchronous(calls: &Cell<u32>) -> io::Result<()> {
    calls.set(calls.get() + 1);
    Err(refused())
}

#[tokio::test(start_paused = true)]
async fn a_plain_function_inside_an_asynchronous_one() {
    #[wait_or_die(timeout = "10s", max_retries = 0)]
    async fn outer(calls: &Cell<u32>) -> io::Result<()> {
        // The outer clock starts here, at 0.
        tokio::time::sleep(secs(2)).await;
        plain(calls)
    }
    let scope = testing::scope(1);
    let (starts, calls) = (Starts::new(), Cell::new(0));
    let error = outer(&calls).await.unwrap_err();
    // Attempts at 2 to 9 s; the wait to 10 s would reach the end of the outer one.
    assert_eq!(
        (calls.get(), error.kind()),
        (8, io::ErrorKind::ConnectionRefused)
    );
    assert_eq!((scope.elapsed(), starts.elapsed()), (secs(9), 2000));
}

#[test]
fn an_asynchronous_function_inside_a_plain_one() {
    #[wait_or_die(timeout = "10s", max_retries = 0)]
    fn outer(scope: &testing::Scope, calls: &Cell<u32>) -> io::Result<()> {
        scope.advance(secs(3));
        paused().block_on(asynchronous(calls))
    }
    let scope = testing::scope(1);
    let calls = Cell::new(0);
    let error = outer(&scope, &calls).unwrap_err();
    // Attempts at 3 to 9 s: the wait to 10 s, for tokio's timer, would reach the end of the outer one.
    assert_eq!(
        (calls.get(), error.kind()),
        (7, io::ErrorKind::ConnectionRefused)
    );
    assert_eq!(scope.elapsed(), secs(9));
}

#[test]
fn a_plain_function_inside_a_plain_one_without_a_runtime() {
    #[wait_or_die(timeout = "10s", max_retries = 1, initial_wait = "2s", jitter = none)]
    fn outer(calls: &Cell<u32>) -> io::Result<()> {
        plain(calls)
    }
    let scope = testing::scope(1);
    let calls = Cell::new(0);
    outer(&calls).unwrap_err();
    assert_eq!((calls.get(), scope.elapsed()), (10, secs(9)));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_a_virtual_sleep_has_passed_is_seen_at_the_next_poll() {
    #[wait_or_die(timeout = "10s", max_retries = 3)]
    async fn outer(calls: &Cell<u32>) -> io::Result<()> {
        tokio::time::sleep(secs(4)).await;
        slow(calls).unwrap_err();
        pending().await
    }
    // Two seconds of the ten are left when its only wait is over.
    #[wait_or_die(timeout = "60s", max_retries = 1, initial_wait = "4s", jitter = none)]
    fn slow(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        Err(refused())
    }
    let scope = testing::scope(1);
    let (starts, calls) = (Starts::new(), Cell::new(0));
    let error = outer(&calls).await.unwrap_err();
    let told: &Error = error.get_ref().unwrap().downcast_ref().unwrap();
    assert_eq!((told.bound(), calls.get()), (Some(Bound::Timeout), 2));
    assert_eq!((scope.elapsed(), starts.elapsed()), (secs(10), 6000));
}

#[tokio::test(start_paused = true)]
async fn advancing_shortens_a_wait_that_is_polled_again() {
    #[wait_or_die(timeout = "60s", max_retries = 1, initial_wait = "20s", jitter = none)]
    async fn call(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        Err(refused())
    }
    let scope = testing::scope(1);
    let (starts, calls) = (Starts::new(), Cell::new(0));
    let mut waiting = Box::pin(call(&calls));
    tokio::select! {
        biased;
        _ = &mut waiting => unreachable!("it waits"),
        () = tokio::time::sleep(secs(5)) => {}
    }
    scope.advance(secs(12));
    waiting.await.unwrap_err();
    // 5 s of tokio's clock and 12 advanced, then the 3 that are left.
    assert_eq!(
        (calls.get(), scope.elapsed(), starts.elapsed()),
        (2, secs(20), 8000)
    );
}

#[wait_or_die(max_retries = 200, initial_wait = 0, max_wait = 0, budget = "both")]
fn plain_on_the_budget(calls: &Cell<u32>) -> io::Result<()> {
    calls.set(calls.get() + 1);
    Err(refused())
}

#[wait_or_die(max_retries = 200, initial_wait = 0, max_wait = 0, budget = "both")]
async fn asynchronous_on_the_budget(calls: &Cell<u32>) -> io::Result<()> {
    calls.set(calls.get() + 1);
    Err(refused())
}

fn share_a_budget(scope: &testing::Scope, runtime: &Runtime) -> [u32; 6] {
    let plain = || {
        let calls = Cell::new(0);
        plain_on_the_budget(&calls).unwrap_err();
        calls.get() - 1
    };
    let asynchronous = || {
        let calls = Cell::new(0);
        runtime
            .block_on(asynchronous_on_the_budget(&calls))
            .unwrap_err();
        calls.get() - 1
    };
    let first = [plain(), asynchronous()];
    // The reserve of 3 per second for 10 s is there again, whoever asks.
    scope.advance(secs(10));
    let second = [asynchronous(), plain()];
    let elapsed = runtime.block_on(async {
        tokio::time::advance(secs(10)).await;
        scope.elapsed()
    });
    assert_eq!(elapsed, secs(20));
    [
        first[0],
        first[1],
        second[0],
        second[1],
        plain(),
        asynchronous(),
    ]
}

#[test]
fn a_budget_that_both_share_sees_one_time() {
    for _ in 0..2 {
        // A runtime that is older than the scope, and one that is younger.
        let older = paused();
        let scope = testing::scope(1);
        assert_eq!(share_a_budget(&scope, &older), [30, 0, 30, 0, 30, 0]);
        assert_eq!(scope.elapsed(), secs(20));
        drop(scope);
        let scope = testing::scope(1);
        assert_eq!(share_a_budget(&scope, &paused()), [30, 0, 30, 0, 30, 0]);
        assert_eq!(scope.elapsed(), secs(20));
    }
}

#[test]
fn the_time_does_not_go_back_between_runtimes() {
    let (ahead, behind) = (paused(), paused());
    let scope = testing::scope(1);
    let sleep = |runtime: &Runtime, duration| {
        runtime.block_on(async {
            scope.elapsed();
            tokio::time::sleep(duration).await;
            scope.elapsed()
        })
    };
    assert_eq!(sleep(&ahead, secs(100)), secs(100));
    assert_eq!(scope.elapsed(), secs(100));
    assert_eq!(sleep(&behind, secs(1)), secs(101));
    assert_eq!(sleep(&ahead, secs(2)), secs(103));
}
