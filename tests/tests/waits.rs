//! How long a call waits between its attempts. Every figure is exact, under a paused clock.

use std::cell::Cell;
use std::future::{Future, pending, ready};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use wait_or_die::{
    Breaker, BreakerPolicy, Budget, BudgetPolicy, Protection, RetryPolicy, circuit_breaker,
    testing, wait_or_die,
};
use wait_or_die_tests::{Starts, refused};

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
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

/// Enough for the retries at once of all calls below that name it; each makes so many that it gives way in between.
fn rich() -> Budget {
    Budget::named("rich", BudgetPolicy::DEFAULT.with_reserve_per_second(100)).unwrap()
}

/// Attempts of one call on a runtime without timers, where touching one would panic.
fn without_timers(call: impl AsyncFnOnce(&Cell<u32>) -> io::Result<()>) -> u32 {
    rich();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let calls = Cell::new(0);
    runtime.block_on(call(&calls)).unwrap_err();
    calls.get()
}

macro_rules! attempts_without_timers {
    (retry($($option:tt)*) $(, breaker($($of_breaker:tt)*))?) => {{
        $(#[circuit_breaker($($of_breaker)*)])?
        #[wait_or_die(max_retries = 40, budget = "rich", $($option)*)]
        async fn call(calls: &Cell<u32>) -> io::Result<()> {
            calls.set(calls.get() + 1);
            Err(refused())
        }
        without_timers(call)
    }};
}

fn at_once(_retry: u32) -> Duration {
    Duration::ZERO
}

#[test]
fn a_zero_wait_touches_no_timer() {
    let attempts = [
        attempts_without_timers!(retry(initial_wait = 0)),
        attempts_without_timers!(retry(
            initial_wait = 0,
            timeout = "9s",
            attempt_timeout = "1s"
        )),
        attempts_without_timers!(retry(strategy = at_once)),
        attempts_without_timers!(retry(max_wait = 0, initial_wait = 0, jitter = decorrelated)),
    ];
    assert_eq!(attempts, [41; 4]);
}

#[test]
fn a_zero_wait_before_a_breaker_touches_no_timer() {
    let attempts = [
        attempts_without_timers!(
            retry(initial_wait = 0),
            breaker(name = "zero-single", failure_threshold = 99)
        ),
        attempts_without_timers!(
            retry(initial_wait = 0),
            breaker(
                name = "zero-keyed",
                failure_threshold = 99,
                key = at_once(1).as_secs()
            )
        ),
        attempts_without_timers!(
            retry(initial_wait = 0),
            breaker(
                name = "zero-rate",
                failure_rate = 1.0,
                window = "10s",
                minimum_calls = 99
            )
        ),
        attempts_without_timers!(
            retry(initial_wait = 0, when_open = wait),
            breaker(name = "zero-waiting", failure_threshold = 99)
        ),
    ];
    assert_eq!(attempts, [41; 4]);
    // One that has opened refuses the fourth attempt without a timer.
    let opens = attempts_without_timers!(
        retry(initial_wait = 0),
        breaker(name = "zero-opens", failure_threshold = 3)
    );
    assert_eq!(opens, 3);
}

#[test]
fn a_zero_wait_without_an_attribute_touches_no_timer() {
    let policy = RetryPolicy::new()
        .with_initial_wait(Duration::ZERO)
        .with_max_retries(40);
    let breaker = BreakerPolicy::new().with_failure_threshold(99);
    let breaker = Breaker::register("zero-protection", breaker).unwrap();
    let plain = Protection::new("zero", policy).with_budget(rich());
    for protection in [plain.clone(), plain.with_breaker(breaker)] {
        let attempts = without_timers(async |calls| {
            let attempt = || {
                calls.set(calls.get() + 1);
                ready(Err(refused()))
            };
            protection.run(attempt).await
        });
        assert_eq!(attempts, 41);
    }
}

#[test]
fn a_zero_wait_of_a_plain_function_does_not_sleep() {
    #[wait_or_die(max_retries = 40, initial_wait = 0, budget = "rich")]
    fn plain(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        Err(refused())
    }
    #[circuit_breaker(name = "zero-plain", failure_threshold = 99)]
    #[wait_or_die(max_retries = 40, initial_wait = 0, budget = "rich")]
    fn guarded(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        Err(refused())
    }
    let scope = testing::scope(1);
    rich();
    let calls = Cell::new(0);
    plain(&calls).unwrap_err();
    assert_eq!((calls.replace(0), scope.elapsed()), (41, Duration::ZERO));
    guarded(&calls).unwrap_err();
    assert_eq!((calls.get(), scope.elapsed()), (41, Duration::ZERO));
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
    #[wait_or_die(max_retries = 100, initial_wait = 0, max_wait = 0, budget = "rich")]
    async fn call(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        Err(refused())
    }
    rich();
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
