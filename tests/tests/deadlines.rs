//! The finer points of deadlines and waits: what is late, what is clipped, what is drawn.

use std::cell::RefCell;
use std::future::{Future, pending};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use tokio::time::Instant;
use wait_or_die::{Bound, Classify, Error, Retry, testing, wait_or_die};
use wait_or_die_tests::{now, refused};

#[tokio::test(start_paused = true)]
async fn a_wait_that_the_timer_may_end_past_the_deadline_is_not_started() {
    // The timer counts in milliseconds and rounds up: 49.999 ms may end past 50.
    #[wait_or_die(timeout = "50ms", initial_wait = "49999us", jitter = none)]
    async fn call(calls: &mut u32) -> io::Result<()> {
        *calls += 1;
        Err(refused())
    }
    let zero = now();
    let mut calls = 0;
    let error = call(&mut calls).await.unwrap_err();
    assert_eq!((calls, error.kind()), (1, io::ErrorKind::ConnectionRefused));
    assert_eq!(now(), zero);
}

/// Lets 500 ms of tokio's paused clock pass, as a slow hook would.
fn slow(_: &Retry<'_, io::Error>) {
    let mut context = Context::from_waker(Waker::noop());
    // The clock moves at the first poll; the rest only yields.
    let _ = pin!(tokio::time::advance(Duration::from_millis(500))).poll(&mut context);
}

#[tokio::test(start_paused = true)]
async fn what_on_retry_takes_is_part_of_the_wait() {
    #[wait_or_die(max_retries = 2, strategy = fixed, jitter = none, on_retry = slow)]
    async fn call(zero: Instant, starts: &mut Vec<u128>) -> io::Result<()> {
        starts.push(now().duration_since(zero).as_millis());
        Err(refused())
    }
    let mut starts = Vec::new();
    call(now(), &mut starts).await.unwrap_err();
    assert_eq!(starts, [0, 1000, 2000]);
}

#[tokio::test(start_paused = true)]
async fn an_on_retry_that_outlasts_the_deadline_ends_the_call() {
    #[wait_or_die(timeout = "450ms", initial_wait = "100ms", jitter = none, on_retry = slow)]
    async fn call(calls: &mut u32) -> io::Result<()> {
        *calls += 1;
        Err(refused())
    }
    let mut calls = 0;
    let error = call(&mut calls).await.unwrap_err();
    let told: &Error = error.get_ref().unwrap().downcast_ref().unwrap();
    assert_eq!(calls, 1);
    assert_eq!((told.bound(), told.attempts()), (Some(Bound::Timeout), 1));
    assert!(!told.in_flight(), "the outcome of the one attempt is known");
    assert_eq!(told.last_error().unwrap().as_str(), "connection refused");
    let text = told.to_string();
    assert!(
        text.contains(
            "450ms (timeout) passed before the next attempt could start, after 1 attempt"
        ),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_was_cut_off_was_in_flight() {
    #[wait_or_die(timeout = "1s", max_retries = 0)]
    async fn call() -> io::Result<()> {
        pending().await
    }
    let error = call().await.unwrap_err();
    let told: &Error = error.get_ref().unwrap().downcast_ref().unwrap();
    assert!(told.in_flight());
}

#[tokio::test(start_paused = true)]
async fn a_timeout_beyond_every_clock_still_bounds_nothing() {
    #[wait_or_die(
        timeout = Duration::MAX,
        max_wait = Duration::MAX,
        max_retries = 1,
        initial_wait = "40 years",
        jitter = none
    )]
    async fn call(calls: &mut u32) -> io::Result<u32> {
        *calls += 1;
        if *calls == 1 {
            return Err(refused());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(*calls)
    }
    assert_eq!(call(&mut 0).await.unwrap(), 2);
}

thread_local! {
    static SCOPE: RefCell<Option<testing::Scope>> = const { RefCell::new(None) };
}

fn slow_thread(_: &Retry<'_, io::Error>) {
    SCOPE.with_borrow(|scope| scope.as_ref().unwrap().advance(Duration::from_millis(500)));
}

#[test]
fn a_plain_function_keeps_to_the_same_rules() {
    #[wait_or_die(timeout = "10s", max_retries = 2, strategy = fixed, jitter = none, attempt = ctx, on_retry = slow_thread)]
    fn steady(left: &mut Vec<u128>) -> io::Result<()> {
        left.push(ctx.time_left().as_millis());
        Err(refused())
    }
    #[wait_or_die(timeout = "450ms", initial_wait = "100ms", jitter = none, on_retry = slow_thread)]
    fn late(calls: &mut u32) -> io::Result<()> {
        *calls += 1;
        Err(refused())
    }
    SCOPE.set(Some(testing::scope(1)));
    let mut left = Vec::new();
    steady(&mut left).unwrap_err();
    assert_eq!(left, [10_000, 9000, 8000]);
    // The body's own error: a plain function keeps it while it sleeps.
    let mut calls = 0;
    let error = late(&mut calls).unwrap_err();
    assert_eq!((calls, error.kind()), (1, io::ErrorKind::ConnectionRefused));
    SCOPE.set(None);
}

#[derive(Debug, thiserror::Error, Classify)]
enum Order {
    #[error("busy")]
    #[classify(transient)]
    Busy,
    #[error(transparent)]
    #[classify(permanent)]
    Dead(#[from] Error),
}

macro_rules! attempts_of_a_hung_order {
    ($($option:tt)*) => {{
        #[wait_or_die(attempt_timeout = "1s", max_retries = 3, $($option)*)]
        async fn call(calls: &mut u32) -> Result<(), Order> {
            *calls += 1;
            if *calls > 9 {
                return Err(Order::Busy);
            }
            pending().await
        }
        let mut calls = 0;
        let error = call(&mut calls).await.unwrap_err();
        assert!(matches!(error, Order::Dead(_)));
        calls
    }};
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_was_cut_off_is_retried_unless_abort_on_names_it() {
    // `Classify`, `retry_on` and `retry_if` are about the body's own errors, and this is none.
    assert_eq!(attempts_of_a_hung_order!(), 4);
    assert_eq!(attempts_of_a_hung_order!(abort_on(Order::Dead(_))), 1);
    assert_eq!(attempts_of_a_hung_order!(abort_on(Order::Busy)), 4);
    assert_eq!(attempts_of_a_hung_order!(retry_on(Order::Busy)), 4);
    assert_eq!(attempts_of_a_hung_order!(retry_if = |_| false), 4);
    assert_eq!(
        attempts_of_a_hung_order!(retry_if = |_| false, abort_on(Order::Dead(_))),
        1
    );
}

#[derive(Debug, thiserror::Error, Classify)]
enum Throttled {
    #[error("later")]
    #[classify(throttled(after = after))]
    Later { after: Duration },
    #[error(transparent)]
    #[classify(permanent)]
    Dead(#[from] Error),
}

#[tokio::test(start_paused = true)]
async fn each_wait_behind_a_servers_delay_adds_initial_wait_and_not_the_grown_one() {
    #[wait_or_die(max_retries = 3, jitter = none)]
    async fn call(zero: Instant, starts: &mut Vec<u64>) -> Result<(), Throttled> {
        starts.push(now().duration_since(zero).as_secs());
        Err(Throttled::Later {
            after: Duration::from_secs(10),
        })
    }
    let mut starts = Vec::new();
    call(now(), &mut starts).await.unwrap_err();
    assert_eq!(starts, [0, 11, 22, 33]);
}

#[test]
fn decorrelated_waits_grow_from_the_wait_before() {
    #[wait_or_die(timeout = "1day", max_retries = 12, max_wait = "1h", jitter = decorrelated, attempt = ctx)]
    fn call(left: &mut Vec<Duration>) -> io::Result<()> {
        left.push(ctx.time_left());
        Err(refused())
    }
    let _scope = testing::scope(5);
    let mut left = Vec::new();
    call(&mut left).unwrap_err();
    let second = Duration::from_secs(1);
    let waits: Vec<_> = left
        .windows(2)
        .map(|pair| pair[0].checked_sub(pair[1]).unwrap())
        .collect();
    let mut previous = second;
    for wait in &waits {
        assert!(
            *wait >= second && *wait <= 3 * previous,
            "{wait:?} after {previous:?}"
        );
        previous = *wait;
    }
    assert!(waits.iter().any(|wait| *wait > 3 * second), "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_of_a_call_that_was_dropped_is_left_to_the_next_one_on_its_thread() {
    #[wait_or_die(timeout = "30s", initial_wait = "5s", jitter = none)]
    async fn fails() -> io::Result<()> {
        Err(refused())
    }
    #[wait_or_die(timeout = "2s", max_retries = 0)]
    async fn hangs() -> io::Result<()> {
        pending().await
    }
    let zero = now();
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    {
        let mut waiting = pin!(fails());
        let polled = waiting.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
        assert_eq!(Arc::strong_count(&woken), 3);
    }
    assert_eq!(Arc::strong_count(&woken), 2);
    let error = hangs().await.unwrap_err();
    let told: &Error = error.get_ref().unwrap().downcast_ref().unwrap();
    assert_eq!((told.attempts(), told.elapsed().as_secs()), (1, 2));
    assert!(told.last_error().is_none());
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(woken.0.load(Ordering::SeqCst), 0);
    assert_eq!(now().duration_since(zero).as_secs(), 12);
}

#[tokio::test(start_paused = true)]
async fn each_call_on_a_thread_counts_from_its_own_start() {
    #[wait_or_die(timeout = "9s", attempt_timeout = "4s", strategy = fixed, jitter = none)]
    async fn succeeds_at_last(calls: &mut u32) -> io::Result<()> {
        *calls += 1;
        if *calls == 1 {
            return Err(refused());
        }
        tokio::time::sleep(Duration::from_secs(3)).await;
        Ok(())
    }
    #[wait_or_die(timeout = "30s", strategy = fixed, jitter = none)]
    async fn hangs_at_last(calls: &mut u32) -> io::Result<()> {
        *calls += 1;
        if *calls == 1 {
            return Err(refused());
        }
        pending().await
    }
    #[wait_or_die(timeout = "60s", strategy = fixed, jitter = none)]
    async fn inner(calls: &mut u32) -> io::Result<()> {
        *calls += 1;
        Err(refused())
    }
    #[wait_or_die(timeout = "10s", max_retries = 0)]
    async fn outer(calls: &mut u32) -> io::Result<()> {
        tokio::time::sleep(Duration::from_secs(2)).await;
        inner(calls).await
    }
    for _ in 0..2 {
        succeeds_at_last(&mut 0).await.unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
        let (zero, mut calls) = (now(), 0);
        let error = hangs_at_last(&mut calls).await.unwrap_err();
        let told: &Error = error.get_ref().unwrap().downcast_ref().unwrap();
        assert_eq!((told.bound(), told.attempts()), (Some(Bound::Timeout), 2));
        assert_eq!((calls, now().duration_since(zero).as_secs()), (2, 30));
        tokio::time::sleep(Duration::from_secs(60)).await;
        // From 2 to 9 s; the wait to 10 s would reach the end of the outer call.
        let (zero, mut calls) = (now(), 0);
        outer(&mut calls).await.unwrap_err();
        assert_eq!((calls, now().duration_since(zero).as_secs()), (8, 9));
    }
}

/// A task that counts how often it is woken.
#[derive(Default)]
struct Woken(AtomicU32);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}
