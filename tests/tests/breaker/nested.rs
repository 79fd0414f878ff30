//! A breaker inside another annotated call's attempt.

use std::cell::Cell;
use std::io;
use std::time::Duration;

use wait_or_die::{Breaker, Error, circuit_breaker, testing, wait_or_die};
use wait_or_die_tests::refused;

/// How often the bodies have run.
#[derive(Default)]
struct Ran {
    inner: Cell<u32>,
    outer: Cell<u32>,
}

fn count(cell: &Cell<u32>) {
    cell.set(cell.get() + 1);
}

#[circuit_breaker(name = "inner", failure_threshold = 2)]
async fn inner(ran: &Ran) -> io::Result<()> {
    count(&ran.inner);
    Err(refused())
}

#[circuit_breaker(name = "inner", failure_threshold = 2)]
fn inner_now(ran: &Ran) -> io::Result<()> {
    count(&ran.inner);
    Err(refused())
}

macro_rules! outer {
    ($($name:ident $plain:ident -> $ret:ty;)*) => {$(
        #[circuit_breaker(name = "outer", failure_threshold = 3)]
        #[wait_or_die(max_retries = 9, initial_wait = "1s", jitter = none)]
        async fn $name(ran: &Ran) -> $ret {
            count(&ran.outer);
            Ok(inner(ran).await?)
        }
        #[wait_or_die(max_retries = 9, initial_wait = "1s", jitter = none)]
        #[circuit_breaker(name = "outer", failure_threshold = 3)]
        fn $plain(ran: &Ran) -> $ret {
            count(&ran.outer);
            Ok(inner_now(ran)?)
        }
    )*};
}

outer! {
    by_io by_io_now -> io::Result<()>;
    by_anyhow by_anyhow_now -> anyhow::Result<()>;
    by_box by_box_now -> Result<(), Box<dyn std::error::Error + Send + Sync>>;
}

fn inner_rejection(error: &(dyn std::error::Error + 'static)) -> Error {
    let carried = error
        .downcast_ref::<io::Error>()
        .unwrap()
        .get_ref()
        .unwrap();
    carried.downcast_ref::<Error>().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn an_outer_retry_does_not_retry_it_and_an_outer_breaker_ignores_it() {
    for form in 0..6 {
        let scope = testing::scope(1);
        let ran = Ran::default();
        for round in 1..=5 {
            let error = match form {
                0 => by_io(&ran).await.map_err(|error| inner_rejection(&error)),
                1 => by_io_now(&ran).map_err(|error| inner_rejection(&error)),
                2 => by_anyhow(&ran)
                    .await
                    .map_err(|error| inner_rejection(&*error)),
                3 => by_anyhow_now(&ran).map_err(|error| inner_rejection(&*error)),
                4 => by_box(&ran).await.map_err(|error| inner_rejection(&*error)),
                _ => by_box_now(&ran).map_err(|error| inner_rejection(&*error)),
            }
            .unwrap_err();
            assert_eq!(error.breaker(), Some("inner"), "{form}");
            assert_eq!(error.attempts(), 0, "{form}");
            // Two failures, each retried, and the rejection, which is not; then one rejection each time.
            assert_eq!((ran.inner.get(), ran.outer.get()), (2, 2 + round), "{form}");
        }
        let outer = Breaker::find("outer").unwrap().snapshot().core;
        assert_eq!(
            (outer.state.as_str(), outer.consecutive_failures),
            ("closed", 2),
            "{form}"
        );
        assert_eq!(scope.elapsed(), Duration::from_secs(3), "{form}");
    }
}

#[wait_or_die(timeout = "2s", max_retries = 0)]
async fn hung() -> io::Result<()> {
    std::future::pending().await
}

#[circuit_breaker(name = "outer-of-hung", failure_threshold = 2)]
#[wait_or_die(timeout = "60s", max_retries = 9, initial_wait = "1s", jitter = none)]
async fn outer_of_hung(ran: &Ran) -> io::Result<()> {
    count(&ran.outer);
    hung().await
}

#[circuit_breaker(name = "outer-of-hung", failure_threshold = 2)]
async fn breaker_of_hung(ran: &Ran) -> io::Result<()> {
    count(&ran.outer);
    hung().await
}

#[tokio::test(start_paused = true)]
async fn an_inner_call_that_timed_out_is_a_failure_and_is_not_retried() {
    let scope = testing::scope(1);
    let ran = Ran::default();
    let kinds =
        [outer_of_hung(&ran).await, breaker_of_hung(&ran).await].map(|out| out.unwrap_err().kind());
    assert_eq!(kinds, [io::ErrorKind::TimedOut; 2]);
    assert_eq!(ran.outer.get(), 2);
    assert_eq!(scope.elapsed(), Duration::from_secs(4));
    assert_eq!(
        Breaker::find("outer-of-hung").unwrap().state().as_str(),
        "open"
    );
}

#[circuit_breaker(name = "whole", failure_threshold = 2)]
async fn whole(ran: &Ran) -> io::Result<()> {
    // A breaker round the whole of a retried call.
    retried(ran).await
}

#[circuit_breaker(name = "parts", failure_threshold = 100)]
#[wait_or_die(max_retries = 2, initial_wait = "1s", jitter = none)]
async fn retried(ran: &Ran) -> io::Result<()> {
    count(&ran.inner);
    Err(refused())
}

#[tokio::test(start_paused = true)]
async fn a_breaker_round_the_whole_call_sees_one_outcome() {
    let _scope = testing::scope(1);
    let ran = Ran::default();
    whole(&ran).await.unwrap_err();
    whole(&ran).await.unwrap_err();
    whole(&ran).await.unwrap_err();
    assert_eq!(ran.inner.get(), 6);
    assert_eq!(Breaker::find("whole").unwrap().state().as_str(), "open");
    let parts = Breaker::find("parts").unwrap().snapshot().core;
    assert_eq!(
        (parts.state.as_str(), parts.consecutive_failures),
        ("closed", 6)
    );
}
