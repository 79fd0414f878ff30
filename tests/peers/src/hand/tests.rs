//! Those that have a deadline keep it.

use std::future::{Future, pending};
use std::time::Duration;

use tokio::time::sleep;

use super::{Hand, TOTAL, composed, flat, fused, guarded, timed};
use crate::body::{Body, Fails, Failure, Fourth, Outcome};
use crate::clock::tokios;

/// Timers are no more exact than this.
const TICK: Duration = Duration::from_millis(1);
/// Waits are drawn by lot.
const DRAWS: u64 = 20;

/// Never ends.
struct Hangs;

impl Body for Hangs {
    async fn attempt(_: u32) -> Outcome {
        pending().await
    }
}

/// Three attempts fail, the fourth never ends.
struct HangsLater;

impl Body for HangsLater {
    async fn attempt(argument: u32) -> Outcome {
        Fourth::attempt(argument).await?;
        pending().await
    }
}

/// Fails so slowly that the deadline comes before a breaker opens.
struct FailsSlowly;

impl Body for FailsSlowly {
    async fn attempt(_: u32) -> Outcome {
        sleep(TOTAL.mul_f64(0.27)).await;
        Err(Failure::Down)
    }
}

/// What came out of each variant, and after what time.
fn ends<B: Body>() -> Vec<(&'static str, Outcome, Duration)> {
    let guarded = async || guarded::<B>(&Hand::default(), 0).await;
    let composed = async || composed::<B>(&Hand::default(), 0).await;
    let mut ends = Vec::new();
    for seed in 0..DRAWS {
        for (name, (out, time)) in [
            ("fused", end(seed, || fused::<B>(0))),
            ("flat", end(seed, || flat::<B>(0))),
            ("timed", end(seed, || timed::<B>(0))),
            ("guarded", end(seed, guarded)),
            ("composed", end(seed, composed)),
        ] {
            ends.push((name, out, time));
        }
    }
    ends
}

/// On a thread of its own, which has drawn nothing and counted no attempts.
fn end<F: Future<Output = Outcome>>(
    seed: u64,
    call: impl FnOnce() -> F + Send,
) -> (Outcome, Duration) {
    let run = move || {
        fastrand::seed(seed);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let begun = tokios();
            (call().await, begun.elapsed())
        })
    };
    std::thread::scope(|scope| scope.spawn(run).join().expect("a call that ends"))
}

#[test]
fn what_hangs_is_late_at_the_deadline() {
    for (name, out, time) in ends::<Hangs>() {
        assert_eq!(out, Err(Failure::Late), "{name}");
        assert!(time >= TOTAL && time <= TOTAL + TICK, "{name}: {time:?}");
    }
}

#[test]
fn the_deadline_runs_from_the_first_failure() {
    for (name, out, time) in ends::<HangsLater>() {
        assert_eq!(out, Err(Failure::Late), "{name}");
        assert!(time >= TOTAL && time <= TOTAL + TICK, "{name}: {time:?}");
    }
}

#[test]
fn what_always_fails_ends_by_the_deadline() {
    for (name, out, time) in ends::<Fails>() {
        assert!(out.is_err(), "{name}");
        assert!(time <= TOTAL + TICK, "{name}: {time:?}");
    }
}

#[test]
fn what_fails_slowly_ends_by_the_deadline_and_not_much_sooner() {
    for (name, out, time) in ends::<FailsSlowly>() {
        assert!(
            matches!(out, Err(Failure::Down | Failure::Late)),
            "{name}: {out:?}"
        );
        assert!(
            time >= TOTAL.mul_f64(0.8) && time <= TOTAL + TICK,
            "{name}: {time:?}"
        );
    }
}
