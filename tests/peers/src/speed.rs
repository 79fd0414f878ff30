//! What one call costs, and how many calls several threads get through.

use std::hint::black_box;
use std::time::Duration;

use failsafe::CircuitBreaker as _;
use failsafe::{backoff, failure_policy};
use recloser::Recloser;
use wait_or_die::breaker::{Core, Outcome, Seams};
use wait_or_die::{BreakerPolicy, Window};

use crate::clock::nanos;
use crate::hand::Hand;
use crate::harness::{Case, Figures, THREADS};

const HOUR: Duration = Duration::from_secs(3_600);
const CLOSED: &str = "closed: by hand";
const OPEN: &str = "open: by hand, time given";
const OPEN_CLOCK: &str = "open: by hand, clock read";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = closed();
    cases.extend(open());
    cases
}

fn closed() -> Vec<Case> {
    let rate = BreakerPolicy::new().with_failure_rate(0.5);
    let hand = leak(Hand::default());
    let in_a_row = core(BreakerPolicy::new());
    let counted = core(rate.with_window(Window::Calls(100)));
    let timed = core(rate.with_window(Window::Time(Duration::from_secs(10))));
    let real = core(rate.with_window(Window::Time(Duration::from_secs(10))));
    let recloser = leak(Recloser::custom().error_rate(0.5).closed_len(100).build());
    let failsafe = leak(failsafe());
    vec![
        Case::new(CLOSED, CLOSED, move || black_box(hand).call(still, well)),
        Case::new("closed: ours, failures in a row", CLOSED, move || {
            ours(black_box(in_a_row), still, well)
        }),
        Case::new("closed: ours, 10 s, time given", CLOSED, move || {
            ours(black_box(timed), still, well)
        }),
        Case::new("closed: ours, 10 s, clock read", CLOSED, move || {
            ours(black_box(real), nanos, well)
        }),
        Case::new("closed: ours, 100 calls", CLOSED, move || {
            ours(black_box(counted), still, well)
        }),
        Case::new("closed: recloser, 100 calls", CLOSED, move || {
            black_box(recloser).call(well)
        }),
        Case::new("closed: failsafe, failures in a row", CLOSED, move || {
            black_box(failsafe).call(well)
        }),
    ]
}

fn open() -> Vec<Case> {
    let hand = leak(Hand::default());
    let ours_open = core(BreakerPolicy::new().with_recovery_timeout(HOUR));
    let recloser = leak(Recloser::custom().closed_len(10).open_wait(HOUR).build());
    let failsafe = leak(failsafe());
    for _ in 0..30 {
        let _ = hand.call(|| u64::MAX / 2, ill);
        let _ = ours(ours_open, nanos, ill);
        let _ = recloser.call(ill);
        let _ = failsafe.call(ill);
    }
    vec![
        Case::new(OPEN, OPEN, move || black_box(hand).call(still, well)),
        Case::new("open: ours, time given", OPEN, move || {
            ours(black_box(ours_open), still, well)
        }),
        Case::new(OPEN_CLOCK, OPEN_CLOCK, move || {
            black_box(hand).call(nanos, well)
        }),
        Case::new("open: ours, clock read", OPEN_CLOCK, move || {
            ours(black_box(ours_open), nanos, well)
        }),
        Case::new("open: recloser", OPEN_CLOCK, move || {
            black_box(recloser).call(well)
        }),
        Case::new("open: failsafe", OPEN_CLOCK, move || {
            black_box(failsafe).call(well)
        }),
    ]
}

/// One call through a permit; the time until one may pass where it is refused. Inlined, as by hand: each annotated
/// function has one such place, and nothing else calls it.
#[inline(always)]
#[expect(clippy::inline_always, reason = "see above")]
fn ours<T, E>(
    core: &Core,
    now: impl Fn() -> u64,
    body: impl FnOnce() -> Result<T, E>,
) -> Result<Result<T, E>, Option<Duration>> {
    let permit = core.try_acquire(&now).map_err(|refusal| refusal.retry_in)?;
    let result = body();
    let outcome = if result.is_ok() {
        Outcome::Success
    } else {
        Outcome::Failure
    };
    permit.record(outcome, &now);
    Ok(result)
}

/// The shortest call that there is, but a call.
#[inline(never)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "it might fail, for all its callers know"
)]
fn well() -> Result<u32, u32> {
    Ok(black_box(7))
}

fn ill() -> Result<u32, u32> {
    Err(black_box(7))
}

/// A time that costs nothing to read.
fn still() -> u64 {
    black_box(1_000)
}

fn core(policy: BreakerPolicy) -> &'static Core {
    let seams = Seams::new(nanos, || 0.5);
    leak(Core::new(policy, seams, 0).expect("settings that hold"))
}

fn failsafe() -> impl failsafe::CircuitBreaker + Sync {
    let policy = failure_policy::consecutive_failures(5, backoff::constant(HOUR));
    failsafe::Config::new().failure_policy(policy).build()
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

pub(crate) fn print(figures: &Figures) {
    println!("\nWhat a call costs (medians; ratios are medians of ratios within a round)\n");
    println!("| one thread | ns | beside by hand |\n|---|---:|---:|");
    for (at, case) in figures.cases().iter().enumerate() {
        let (cost, ratio) = (figures.cost(at), figures.ratio(at));
        println!("| {} | {cost:.2} | {ratio:.2} x |", case.name);
    }
    println!("\nWhat threads get done together, in millions of calls per second\n");
    println!("| | 1 thread | 2 threads | scaling | beside by hand | 8 threads | scaling |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for (at, case) in figures.cases().iter().enumerate() {
        let [one, two, eight] = [0, 1, 2].map(|threads| figures.throughput(at, threads));
        let [by_two, by_eight] = [1, 2].map(|threads| figures.scaling(at, threads));
        let ratio = figures.throughput_ratio(at, 1);
        let name = case.name;
        println!(
            "| {name} | {one:.1} | {two:.1} | {by_two:.2} x | {ratio:.2} x | {eight:.1} | {by_eight:.2} x |"
        );
    }
    debug_assert_eq!(THREADS, [1, 2, 8]);
}
