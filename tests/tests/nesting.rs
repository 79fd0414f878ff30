//! Retries inside retries: the inner call starts no wait beyond the outer one's deadline.

use std::cell::Cell;
use std::future::{Future, pending};
use std::io;
use std::time::Duration;

use tokio::time::Instant;
use wait_or_die::{Bound, Error, testing, wait_or_die};
use wait_or_die_tests::{now, refused};

fn told(error: &io::Error) -> &Error {
    error.get_ref().unwrap().downcast_ref().unwrap()
}

fn since(zero: Instant) -> u128 {
    now().duration_since(zero).as_millis()
}

#[wait_or_die(timeout = "60s", max_retries = 50, strategy = fixed, jitter = none)]
async fn inner(calls: &Cell<u32>) -> io::Result<()> {
    calls.set(calls.get() + 1);
    Err(refused())
}

#[tokio::test(start_paused = true)]
async fn the_outer_timeout_bounds_the_inner_waits() {
    #[wait_or_die(timeout = "10s", max_retries = 0)]
    async fn outer(calls: &Cell<u32>) -> io::Result<()> {
        inner(calls).await
    }
    let (zero, calls) = (now(), Cell::new(0));
    // Attempts at 0 to 9 s: the wait to 10 s would reach the outer deadline, and so the inner call
    // still has the time to give the dependency's own error.
    let error = outer(&calls).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    assert_eq!((calls.get(), since(zero)), (10, 9000));
}

#[tokio::test(start_paused = true)]
async fn the_outer_attempt_timeout_bounds_it_too_and_each_attempt_anew() {
    #[wait_or_die(
        timeout = "60s",
        attempt_timeout = "4s",
        max_retries = 1,
        strategy = fixed,
        jitter = none
    )]
    async fn outer(calls: &Cell<u32>) -> io::Result<()> {
        // The clock of the outer attempt runs from here.
        tokio::time::sleep(Duration::from_secs(1)).await;
        inner(calls).await
    }
    let (zero, calls) = (now(), Cell::new(0));
    outer(&calls).await.unwrap_err();
    // Twice: 1 s, then attempts at 1, 2 and 3 s of the 4; a second between the two.
    assert_eq!((calls.get(), since(zero)), (6, 7000));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_has_not_suspended_yet_passes_on_its_own_bound_and_not_the_last_ones() {
    #[wait_or_die(
        timeout = "60s",
        attempt_timeout = "4s",
        max_retries = 1,
        strategy = fixed,
        jitter = none,
        attempt = attempt
    )]
    async fn outer(calls: &Cell<u32>) -> io::Result<()> {
        if attempt.number() == 1 {
            return pending().await;
        }
        inner(calls).await
    }
    let (zero, calls) = (now(), Cell::new(0));
    // Cut off at 4 s, again from 5 s on: attempts at 5, 6, 7 and 8; the wait to 9 would reach the end.
    let error = outer(&calls).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    assert_eq!((calls.get(), since(zero)), (4, 8000));
}

#[tokio::test(start_paused = true)]
async fn an_inner_call_that_hangs_is_cut_off_at_the_outer_deadline() {
    #[wait_or_die(timeout = "60s", max_retries = 0)]
    async fn hangs() -> io::Result<()> {
        pending().await
    }
    #[wait_or_die(timeout = "5s", max_retries = 3)]
    async fn outer() -> io::Result<()> {
        hangs().await
    }
    let zero = now();
    let error = outer().await.unwrap_err();
    assert_eq!(since(zero), 5000);
    assert_eq!(told(&error).bound(), Some(Bound::Timeout));
    assert_eq!(told(&error).limit(), Some(Duration::from_secs(5)));
}

#[tokio::test(start_paused = true)]
async fn an_inner_call_that_hangs_does_not_keep_the_outer_one_from_its_next_attempt() {
    #[wait_or_die(timeout = "60s")]
    async fn hangs_twice(calls: &Cell<u32>) -> io::Result<u32> {
        calls.set(calls.get() + 1);
        if calls.get() < 3 {
            return pending().await;
        }
        Ok(calls.get())
    }
    #[wait_or_die(
        timeout = "60s",
        attempt_timeout = "4s",
        max_retries = 3,
        strategy = fixed,
        jitter = none
    )]
    async fn outer(calls: &Cell<u32>) -> io::Result<u32> {
        hangs_twice(calls).await
    }
    let zero = now();
    // The outer call cuts itself off, at 4 and at 9 s; an error of the inner one would be final.
    assert_eq!(outer(&Cell::new(0)).await.unwrap(), 3);
    assert_eq!(since(zero), 10_000);
}

#[tokio::test(start_paused = true)]
async fn a_future_that_outlives_the_outer_call_is_free_of_its_deadline() {
    #[wait_or_die(timeout = "60s", max_retries = 2, strategy = fixed, jitter = none)]
    async fn load(calls: &Cell<u32>) -> io::Result<u32> {
        calls.set(calls.get() + 1);
        tokio::time::sleep(Duration::from_secs(5)).await;
        if calls.get() == 1 {
            return Err(refused());
        }
        Ok(7)
    }
    #[wait_or_die(timeout = "1s", max_retries = 0)]
    async fn borrowed(
        load: &mut std::pin::Pin<Box<dyn Future<Output = io::Result<u32>> + '_>>,
    ) -> io::Result<u32> {
        load.await
    }
    let calls = Cell::new(0);
    let mut loading: std::pin::Pin<Box<dyn Future<Output = _> + '_>> = Box::pin(load(&calls));
    tokio::time::timeout(Duration::from_millis(500), borrowed(&mut loading))
        .await
        .unwrap_err();
    assert_eq!(loading.await.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_spawned_task_and_a_neighbour_do_not_inherit() {
    #[wait_or_die(timeout = "60s", max_retries = 2, strategy = fixed, jitter = none)]
    async fn free() -> io::Result<()> {
        Err(refused())
    }
    #[wait_or_die(timeout = "1500ms", max_retries = 0)]
    async fn outer() -> io::Result<tokio::task::JoinHandle<io::Result<()>>> {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(tokio::spawn(free()))
    }
    let zero = now();
    let (spawned, beside) = tokio::join!(outer(), free());
    beside.unwrap_err();
    spawned.unwrap().await.unwrap().unwrap_err();
    // Both made their two retries, a second apart, the spawned one from 1 s on.
    assert_eq!(since(zero), 3000);
}

#[test]
fn a_plain_function_passes_its_deadline_on() {
    #[wait_or_die(timeout = "60s", max_retries = 50, strategy = fixed, jitter = none)]
    fn inner(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        Err(refused())
    }
    #[wait_or_die(timeout = "10s", max_retries = 0)]
    fn outer(calls: &Cell<u32>) -> io::Result<()> {
        inner(calls)
    }
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    let error = outer(&calls).unwrap_err();
    assert_eq!(
        (calls.get(), error.kind()),
        (10, io::ErrorKind::ConnectionRefused)
    );
}
