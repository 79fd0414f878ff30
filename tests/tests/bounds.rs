//! What bounds a call: attempts, waits, deadlines. Every figure is exact, under a paused clock.

use std::cell::Cell;
use std::future::{Future, pending};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use wait_or_die::{Attempt, Bound, Classify, Error, RetryPolicy, Verdict, wait_or_die};
use wait_or_die_tests::{now, refused};

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// When each attempt started, in milliseconds of the paused clock.
struct Starts {
    zero: Instant,
    at: Vec<u128>,
}

impl Starts {
    fn new() -> Self {
        Self {
            zero: now(),
            at: Vec::new(),
        }
    }

    fn mark(&mut self) {
        self.at.push(self.elapsed());
    }

    fn elapsed(&self) -> u128 {
        now().duration_since(self.zero).as_millis()
    }
}

macro_rules! schedule_test {
    ($name:ident, $($strategy:ident)?, [$($start:literal),*]) => {
        #[tokio::test(start_paused = true)]
        async fn $name() {
            #[wait_or_die(max_retries = 5, $(strategy = $strategy,)? jitter = none)]
            async fn call(starts: &mut Starts) -> io::Result<()> {
                starts.mark();
                Err(refused())
            }
            let mut starts = Starts::new();
            call(&mut starts).await.unwrap_err();
            assert_eq!(starts.at, [$($start),*]);
            assert_eq!(starts.elapsed(), *starts.at.last().unwrap(), "no wait after the last attempt");
        }
    };
}

schedule_test!(
    fixed_waits_1_1_1_1_1,
    fixed,
    [0, 1000, 2000, 3000, 4000, 5000]
);
schedule_test!(
    linear_waits_1_2_3_4_5,
    linear,
    [0, 1000, 3000, 6000, 10_000, 15_000]
);
schedule_test!(
    exponential_waits_1_2_4_8_16,
    exponential,
    [0, 1000, 3000, 7000, 15_000, 31_000]
);
schedule_test!(
    fibonacci_waits_1_1_2_3_5,
    fibonacci,
    [0, 1000, 2000, 4000, 7000, 12_000]
);
schedule_test!(exponential_is_the_default, , [0, 1000, 3000, 7000, 15_000, 31_000]);

#[tokio::test(start_paused = true)]
async fn the_alias_true_is_exponential_and_false_is_fixed() {
    #[wait_or_die(max_retries = 3, exponential_backoff = true, jitter = none)]
    async fn grows(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        Err(refused())
    }
    #[wait_or_die(max_retries = 3, exponential_backoff = false, jitter = none)]
    async fn stays(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        Err(refused())
    }
    let mut starts = Starts::new();
    grows(&mut starts).await.unwrap_err();
    assert_eq!(starts.at, [0, 1000, 3000, 7000]);
    let mut starts = Starts::new();
    stays(&mut starts).await.unwrap_err();
    assert_eq!(starts.at, [0, 1000, 2000, 3000]);
}

#[tokio::test(start_paused = true)]
async fn multiplier_and_max_wait_shape_the_waits() {
    #[wait_or_die(max_retries = 4, initial_wait = 0.5, max_wait = "4s", multiplier = 3, jitter = none)]
    async fn call(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        Err(refused())
    }
    let mut starts = Starts::new();
    call(&mut starts).await.unwrap_err();
    assert_eq!(starts.at, [0, 500, 2000, 6000, 10_000]);
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
    assert_eq!(told.operation(), "ask");
    assert_eq!(told.bound(), Some(Bound::Timeout));
    assert_eq!(told.limit(), Some(secs(30)));
    assert_eq!(told.attempts(), 2);
    assert_eq!(told.elapsed(), secs(30));
    assert_eq!(told.last_error().unwrap().as_str(), "[REDACTED]");
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

const QUICK: RetryPolicy = RetryPolicy::GATEWAY
    .with_max_retries(2)
    .with_jitter(wait_or_die::Jitter::None);

#[tokio::test(start_paused = true)]
async fn a_policy_is_a_base_that_other_options_override() {
    #[wait_or_die(policy = QUICK)]
    async fn base(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        Err(refused())
    }
    #[wait_or_die(policy = QUICK, max_retries = 3, initial_wait = "2s")]
    async fn over(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        Err(refused())
    }
    #[wait_or_die(policy = RetryPolicy::ORDER, jitter = none)]
    async fn preset(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        Err(refused())
    }
    let mut starts = Starts::new();
    base(&mut starts).await.unwrap_err();
    assert_eq!(starts.at, [0, 500, 1500]);
    let mut starts = Starts::new();
    over(&mut starts).await.unwrap_err();
    assert_eq!(starts.at, [0, 2000, 6000, 11_000]);
    // 1 2 4 8 and then 10 instead of 16, all within 30 s but the fifth.
    let mut starts = Starts::new();
    preset(&mut starts).await.unwrap_err();
    assert_eq!(starts.at, [0, 1000, 3000, 7000, 15_000, 25_000]);
}

const WHOLE: Duration = secs(20);
const TRIES: u32 = 2;
const FACTOR: f64 = 4.0;

mod settings {
    use std::time::Duration;
    pub(super) const FIRST: Duration = Duration::from_millis(250);
}

#[tokio::test(start_paused = true)]
async fn values_may_be_const_expressions() {
    #[wait_or_die(
        timeout = WHOLE,
        max_retries = TRIES,
        initial_wait = settings::FIRST,
        max_wait = Duration::from_secs(2),
        multiplier = FACTOR,
        jitter = none
    )]
    async fn call(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        Err(refused())
    }
    let mut starts = Starts::new();
    call(&mut starts).await.unwrap_err();
    assert_eq!(starts.at, [0, 250, 1250]);
}

#[tokio::test(start_paused = true)]
async fn durations_may_be_texts_integers_and_floats() {
    #[wait_or_die(timeout = "1m30s", max_retries = 1, initial_wait = 2, max_wait = 2.5, jitter = none)]
    async fn call(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        Err(refused())
    }
    #[wait_or_die(timeout = "1m30s", max_retries = 0)]
    async fn hangs() -> io::Result<()> {
        pending().await
    }
    let mut starts = Starts::new();
    call(&mut starts).await.unwrap_err();
    assert_eq!(starts.at, [0, 2000]);
    let starts = Starts::new();
    hangs().await.unwrap_err();
    assert_eq!(starts.elapsed(), 90_000);
}

fn by_tens(retry: u32) -> Duration {
    secs(u64::from(retry) * 10)
}

struct Twice(u32);

impl wait_or_die::backoff::WaitSequence for Twice {
    fn next_wait(&mut self, _retry: u32) -> Option<Duration> {
        self.0 += 1;
        (self.0 <= 2).then_some(secs(3))
    }
}

fn twice() -> Twice {
    Twice(0)
}

#[tokio::test(start_paused = true)]
async fn a_strategy_may_be_a_function_or_a_sequence() {
    #[wait_or_die(max_retries = 3, max_wait = "25s", strategy = by_tens)]
    async fn function(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        Err(refused())
    }
    #[wait_or_die(max_retries = 9, strategy = twice)]
    async fn sequence(starts: &mut Starts) -> io::Result<()> {
        starts.mark();
        Err(refused())
    }
    let mut starts = Starts::new();
    function(&mut starts).await.unwrap_err();
    assert_eq!(
        starts.at,
        [0, 10_000, 30_000, 55_000],
        "the third wait is capped at 25 s"
    );
    for _ in 0..2 {
        let mut starts = Starts::new();
        sequence(&mut starts).await.unwrap_err();
        assert_eq!(
            starts.at,
            [0, 3000, 6000],
            "the sequence ends the call, and each call has its own"
        );
    }
}

#[test]
fn a_zero_wait_touches_no_timer() {
    #[wait_or_die(max_retries = 100, initial_wait = 0, max_wait = 0)]
    async fn call(calls: &mut u32) -> io::Result<()> {
        *calls += 1;
        Err(refused())
    }
    // A timer would panic here: this runtime has none.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mut calls = 0;
    runtime.block_on(call(&mut calls)).unwrap_err();
    assert_eq!(calls, 101);
}

#[derive(Default)]
struct Wakes(AtomicU32);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_storm_of_zero_waits_gives_way_to_other_tasks() {
    #[wait_or_die(max_retries = 100, initial_wait = 0, max_wait = 0)]
    async fn call(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        Err(refused())
    }
    let calls = Cell::new(0);
    let woken = Arc::new(Wakes::default());
    let waker = Waker::from(woken.clone());
    let mut context = Context::from_waker(&waker);
    let mut running = pin!(call(&calls));
    let mut seen = Vec::new();
    while running.as_mut().poll(&mut context).is_pending() {
        seen.push((calls.get(), woken.0.load(Ordering::SeqCst)));
    }
    assert_eq!(seen, [(31, 1), (63, 2), (95, 3)]);
    assert_eq!(calls.get(), 101);
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
    assert_eq!(error.classify(), Verdict::Permanent);
    assert_eq!((calls.get(), started.elapsed()), (1, 3000));
}
