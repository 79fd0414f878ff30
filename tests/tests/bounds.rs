//! What bounds a call: attempts, waits, deadlines. Every figure is exact, under a paused clock.

use std::cell::Cell;
use std::future::pending;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::sleep;
use wait_or_die::{Attempt, Bound, Classify, Error, Verdict, wait_or_die};
use wait_or_die_tests::{Starts, refused};

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn no_retries_means_one_attempt_still_bounded() {
    #[wait_or_die(max_retries = 0, timeout = "5s")]
    async fn fails(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        Err(refused())
    }
    #[wait_or_die(max_retries = 0, timeout = "5s")]
    async fn hangs() -> io::Result<()> {
        pending().await
    }
    let mut starts = Starts::new();
    let error = fails(&mut starts).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    assert_eq!(starts.at, [0]);

    let starts = Starts::new();
    let error = hangs().await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert_eq!(starts.elapsed(), 5000);
}

fn inner(error: &io::Error) -> &Error {
    error.get_ref().unwrap().downcast_ref().unwrap()
}

#[tokio::test(start_paused = true)]
async fn timeout_pre_empts_a_hung_attempt_and_says_so() {
    #[wait_or_die(timeout = "30s", max_retries = 10, initial_wait = "1s", jitter = none, name = "ask")]
    async fn call(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        if starts.at.len() == 1 {
            return Err(refused());
        }
        pending().await
    }
    let mut starts = Starts::new();
    let error = call(&mut starts).await.unwrap_err();
    assert_eq!(starts.at, [0, 1000]);
    assert_eq!(starts.elapsed(), 30_000);
    let told = inner(&error);
    assert_eq!(told.operation(), Some("ask"));
    assert_eq!(told.bound(), Some(Bound::Timeout));
    assert_eq!(told.limit(), Some(secs(30)));
    assert_eq!(told.attempts(), 2);
    assert_eq!(told.elapsed(), secs(30));
    assert_eq!(told.last_error().unwrap().as_str(), "connection refused");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_would_overrun_is_not_started_and_the_bodys_error_comes_at_once() {
    // Attempts at 0, 4 and 8 seconds; the wait to 12 would overrun 10.
    #[wait_or_die(timeout = "10s", initial_wait = "4s", strategy = fixed, jitter = none)]
    async fn call(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        Err(refused())
    }
    let mut starts = Starts::new();
    let error = call(&mut starts).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    assert_eq!(starts.at, [0, 4000, 8000]);
    assert_eq!(starts.elapsed(), 8000);
}

#[tokio::test(start_paused = true)]
async fn attempt_timeout_cuts_each_attempt_and_is_retried() {
    #[wait_or_die(attempt_timeout = "2s", max_retries = 2, strategy = fixed, jitter = none)]
    async fn call(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        pending().await
    }
    let mut starts = Starts::new();
    let error = call(&mut starts).await.unwrap_err();
    assert_eq!(starts.at, [0, 3000, 6000]);
    assert_eq!(starts.elapsed(), 8000);
    let told = inner(&error);
    assert_eq!(told.bound(), Some(Bound::AttemptTimeout));
    assert_eq!((told.limit(), told.attempts()), (Some(secs(2)), 3));
    assert_eq!(
        told.last_error().unwrap().as_str(),
        "no answer within `attempt_timeout`"
    );
}

#[tokio::test(start_paused = true)]
async fn attempt_timeout_is_clipped_to_what_is_left() {
    #[wait_or_die(timeout = "10s", attempt_timeout = "7s", strategy = fixed, jitter = none)]
    async fn call(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        pending().await
    }
    let mut starts = Starts::new();
    let error = call(&mut starts).await.unwrap_err();
    assert_eq!(starts.at, [0, 8000]);
    assert_eq!(starts.elapsed(), 10_000);
    assert_eq!(inner(&error).bound(), Some(Bound::Timeout));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_is_ready_at_the_deadline_has_made_it() {
    #[wait_or_die(timeout = "5s")]
    async fn call() -> io::Result<u32> {
        sleep(secs(5)).await;
        Ok(7)
    }
    assert_eq!(call().await.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_slow_attempt_within_attempt_timeout_succeeds_after_one_that_was_cut() {
    #[wait_or_die(attempt_timeout = "2s", strategy = fixed, jitter = none)]
    async fn call(starts: &mut Starts) -> io::Result<u128> {
        starts.mark();
        let nap = if starts.at.len() == 1 { 9 } else { 1 };
        sleep(secs(nap)).await;
        Ok(starts.elapsed())
    }
    assert_eq!(call(&mut Starts::new()).await.unwrap(), 4000);
}

#[derive(Debug, thiserror::Error, Classify)]
enum Busy {
    #[error("come back later")]
    #[classify(throttled(after = after))]
    Later { after: Duration },
    #[error(transparent)]
    #[classify(permanent)]
    Dead(#[from] Error),
}

#[tokio::test(start_paused = true)]
async fn a_servers_delay_is_a_lower_bound_that_max_wait_does_not_cap() {
    #[wait_or_die(max_retries = 1, initial_wait = "1s", max_wait = "5s", jitter = none)]
    async fn call(starts: &mut Starts) -> Result<(), Busy> {
        starts.mark();
        Err(Busy::Later { after: secs(90) })
    }
    let mut starts = Starts::new();
    call(&mut starts).await.unwrap_err();
    assert_eq!(starts.at, [0, 91_000]);
}

#[tokio::test(start_paused = true)]
async fn a_servers_delay_beyond_timeout_ends_the_call_at_once() {
    #[wait_or_die(timeout = "60s")]
    async fn call(starts: &mut Starts) -> Result<(), Busy> {
        starts.mark();
        Err(Busy::Later { after: secs(90) })
    }
    let mut starts = Starts::new();
    let error = call(&mut starts).await.unwrap_err();
    assert!(matches!(error, Busy::Later { .. }));
    assert_eq!(
        (starts.at.as_slice(), starts.elapsed()),
        ([0].as_slice(), 0)
    );
}

#[tokio::test(start_paused = true)]
async fn the_clock_starts_at_the_first_suspension_and_runs_on_through_failures() {
    // 4 s in the body, 1 s waiting, 4 s, 1 s, then cut at 10 s.
    #[wait_or_die(timeout = "11s", strategy = fixed, jitter = none)]
    async fn call(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        sleep(secs(4)).await;
        Err(refused())
    }
    let mut starts = Starts::new();
    let error = call(&mut starts).await.unwrap_err();
    assert_eq!(starts.at, [0, 5000, 10_000]);
    assert_eq!(starts.elapsed(), 11_000);
    assert_eq!(inner(&error).bound(), Some(Bound::Timeout));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_always_uses_up_its_budget_still_meets_its_deadline() {
    #[wait_or_die(timeout = "1s", max_retries = 0, initial_wait = 0)]
    async fn call(turns: &mut u32) -> io::Result<()> {
        // Bounded, so that a deadline that never comes fails the test instead of hanging it.
        while *turns < 1000 {
            while tokio::task::coop::has_budget_remaining() {
                tokio::task::coop::consume_budget().await;
            }
            *turns += 1;
            tokio::time::advance(Duration::from_millis(100)).await;
        }
        Ok(())
    }
    let mut turns = 0;
    let error = tokio::spawn(async move { call(&mut turns).await.map_err(|error| (error, turns)) })
        .await
        .unwrap()
        .unwrap_err();
    assert_eq!(error.0.kind(), io::ErrorKind::TimedOut);
    assert!((10..=12).contains(&error.1), "{} turns of 100 ms", error.1);
}

#[tokio::test(start_paused = true)]
async fn the_attempts_context_counts_and_tells_the_time_left() {
    #[wait_or_die(timeout = "10s", max_retries = 2, strategy = fixed, jitter = none, attempt = ctx)]
    async fn call(seen: &mut Vec<(u32, u64, u64, bool)>) -> io::Result<()> {
        let ctx: Attempt = ctx;
        let before = ctx.time_left().as_secs();
        sleep(secs(1)).await;
        let after = ctx.time_left().as_secs();
        seen.push((ctx.number(), before, after, ctx.last_error().is_some()));
        Err(refused())
    }
    let mut seen = Vec::new();
    call(&mut seen).await.unwrap_err();
    assert_eq!(seen, [(1, 10, 9, false), (2, 8, 7, true), (3, 6, 5, true)]);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_call_drops_the_attempt_at_once() {
    struct Flag<'a>(&'a Cell<bool>);
    impl Drop for Flag<'_> {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    #[wait_or_die(timeout = "1h", initial_wait = "1s")]
    async fn call(dropped: &Cell<bool>) -> io::Result<()> {
        let _flag = Flag(dropped);
        pending().await
    }
    let dropped = Cell::new(false);
    let started = Starts::new();
    tokio::select! {
        biased;
        _ = call(&dropped) => unreachable!(),
        () = sleep(secs(1)) => {}
    }
    assert!(dropped.get());
    assert_eq!(started.elapsed(), 1000);
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_while_it_waits_makes_no_further_attempt() {
    #[wait_or_die(strategy = fixed, jitter = none)]
    async fn call(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        Err(refused())
    }
    let calls = Cell::new(0);
    tokio::time::timeout(Duration::from_millis(2500), call(&calls))
        .await
        .unwrap_err();
    sleep(secs(600)).await;
    assert_eq!(calls.get(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_the_body_passes_through() {
    #[wait_or_die(max_retries = 3)]
    async fn call(calls: Arc<AtomicU32>) -> io::Result<()> {
        calls.fetch_add(1, Ordering::SeqCst);
        sleep(secs(1)).await;
        panic!("on purpose")
    }
    let calls = Arc::new(AtomicU32::new(0));
    let outcome = tokio::spawn(call(calls.clone())).await.unwrap_err();
    assert!(outcome.is_panic());
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn an_outer_call_does_not_retry_what_an_inner_one_gave_up() {
    #[wait_or_die(timeout = "3s", max_retries = 0)]
    async fn inner(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        pending().await
    }
    #[wait_or_die(max_retries = 5)]
    async fn outer(calls: &Cell<u32>) -> io::Result<()> {
        inner(calls).await
    }
    let calls = Cell::new(0);
    let started = Starts::new();
    let error = outer(&calls).await.unwrap_err();
    assert_eq!(error.classify(), Verdict::Fault);
    assert_eq!((calls.get(), started.elapsed()), (1, 3000));
}
