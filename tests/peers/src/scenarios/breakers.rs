//! Breakers alone, closed.

use std::sync::LazyLock;
use std::time::Duration;

use failsafe::CircuitBreaker as _;
use layered::Service as _;
use tokio::runtime::Runtime;
use tower::{Service as _, ServiceExt as _};
use wait_or_die::breaker::{Core, Outcome as Report, Seams};
use wait_or_die::{Breaker, BreakerPolicy, Window};

use crate::body::{Failure, Flaky, Outcome, Plain, argument};
use crate::clock::nanos;
use crate::hand::Hand;
use crate::harness::{Case, Driven, InPlace, Peer, Role, Seat};
use crate::ours;
use crate::peers::{breaker, resilience, seatbelt};

/// What seatbelt samples by default.
pub(super) const SAMPLED: Duration = Duration::from_secs(30);

/// One call at a time.
pub(super) fn closed<B: Plain, S: Seat>() -> Vec<Case> {
    let mut cases = by_hand::<B, S>();
    cases.extend(attributes::<B, S>());
    cases.extend(without_attributes::<B, S>());
    cases.extend(peers::<B, S>());
    cases.push(tower_resilience::<B, S>());
    cases.push(governor::<B, S>());
    cases
}

/// Calls of several threads at one breaker.
pub(super) fn shared<B: Plain>() -> Vec<Case> {
    let mut cases = by_hand::<B, InPlace>();
    cases.extend(attributes::<B, InPlace>());
    cases.extend(peers::<B, InPlace>());
    // A thread that polled it in place would keep the processor from the one that its lock is promised to.
    cases.push(tower_resilience::<B, Driven>());
    cases
}

/// One call of a hundred fails.
pub(super) fn flaky() -> Vec<Case> {
    let mut cases = by_hand::<Flaky, InPlace>();
    cases.extend([
        InPlace::plain("ours", Role::Ours, || {
            ours::flaky::in_a_row::<Flaky>(argument())
        }),
        InPlace::call("ours, an `async fn`", Role::OursToo, || {
            ours::flaky::of_async::<Flaky>(argument())
        }),
        InPlace::plain("ours, `window = 100`", Role::OursToo, || {
            ours::flaky_of_calls::<Flaky>(argument())
        }),
        InPlace::plain("ours, `window = \"10s\"`", Role::OursToo, || {
            ours::flaky::of_time::<Flaky>(argument())
        }),
    ]);
    cases.extend(peers::<Flaky, InPlace>());
    cases.push(tower_resilience::<Flaky, InPlace>());
    cases
}

fn attributes<B: Plain, S: Seat>() -> Vec<Case> {
    vec![
        S::plain("ours", Role::Ours, || {
            ours::closed::in_a_row::<B>(argument())
        }),
        S::call("ours, an `async fn`", Role::OursToo, || {
            ours::closed::of_async::<B>(argument())
        }),
        S::plain("ours, `window = 100`", Role::OursToo, || {
            ours::closed_of_calls::<B>(argument())
        }),
        S::plain("ours, `window = \"10s\"`", Role::OursToo, || {
            ours::closed::of_time::<B>(argument())
        }),
    ]
}

fn by_hand<B: Plain, S: Seat>() -> Vec<Case> {
    let hand = leak(Hand::default());
    vec![
        S::plain("bare", Role::Bare, || B::call(argument())),
        S::plain("by hand: failures in a row", Role::Hand, || {
            by_permit(hand.call(nanos, || B::call(argument())))
        }),
    ]
}

/// A rejection as a program would tell it.
pub(super) fn by_permit(result: Result<Outcome, Duration>) -> Outcome {
    result.unwrap_or(Err(Failure::Refused))
}

fn without_attributes<B: Plain, S: Seat>() -> Vec<Case> {
    let whole = leak(Breaker::new("whole", BreakerPolicy::new()).expect("settings that hold"));
    let in_a_row = core(BreakerPolicy::new());
    let rate = BreakerPolicy::new().with_failure_rate(0.5);
    let timed = core(rate.with_window(Window::Time(Duration::from_secs(10))));
    vec![
        S::plain("ours, `Breaker::call_blocking`", Role::OursToo, || {
            whole.call_blocking(|| B::call(argument()))
        }),
        S::plain("ours, a permit of `Core`", Role::OursToo, || {
            permitted(in_a_row, nanos, || B::call(argument()))
        }),
        S::plain(
            "ours, a permit of `Core`, 10 s, a clock that costs nothing",
            Role::OursToo,
            || permitted(timed, still, || B::call(argument())),
        ),
    ]
}

fn peers<B: Plain, S: Seat>() -> Vec<Case> {
    let failsafe = leak(breaker::failsafe());
    let recloser = leak(breaker::recloser());
    let seatbelt = leak(in_background(|| seatbelt::breaker::<B>(SAMPLED)));
    vec![
        S::plain(
            "failsafe, failures in a row",
            Role::Peer(Peer::Failsafe),
            || failsafe.call(|| B::call(argument())),
        ),
        S::plain("recloser, 100 calls", Role::Peer(Peer::Recloser), || {
            recloser.call(|| B::call(argument()))
        }),
        S::call("seatbelt, 30 s", Role::Peer(Peer::Seatbelt), || {
            seatbelt.execute(argument())
        }),
    ]
}

fn tower_resilience<B: Plain, S: Seat>() -> Case {
    let service = resilience::breaker::<B>();
    S::held(
        "tower-resilience, failures in a row",
        Role::Peer(Peer::TowerResilience),
        move || {
            let mut service = service.clone();
            async move || service.ready().await?.call(argument()).await
        },
    )
}

fn governor<B: Plain, S: Seat>() -> Case {
    let limiter = leak(breaker::governor());
    S::plain("governor, a rate limiter", Role::Beside("governor"), || {
        limiter.check().map_err(|_| Failure::Refused)?;
        B::call(argument())
    })
}

/// One call through a permit. Inlined, as by hand: each annotated function has one such place, and nothing else calls
/// it.
#[inline(always)]
#[expect(clippy::inline_always, reason = "see above")]
pub(super) fn permitted(
    core: &Core,
    now: impl Fn() -> u64,
    body: impl FnOnce() -> Outcome,
) -> Outcome {
    let Ok(permit) = core.try_acquire(&now) else {
        return Err(Failure::Refused);
    };
    let out = body();
    let report = if out.is_ok() {
        Report::Success
    } else {
        Report::Failure
    };
    permit.record(report, &now);
    out
}

pub(super) fn core(policy: BreakerPolicy) -> &'static Core {
    let seams = Seams::new(nanos, || 0.5);
    leak(Core::new(policy, seams, 0).expect("settings that hold"))
}

/// A time that costs nothing to read.
fn still() -> u64 {
    std::hint::black_box(1_000)
}

pub(super) fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// A runtime that turns timers in the background, for those who want one to be there when they are made.
static BACKGROUND: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
});

pub(super) fn in_background<T>(make: impl FnOnce() -> T) -> T {
    let _inside = BACKGROUND.enter();
    make()
}

pub(super) fn run_in_background<T>(future: impl Future<Output = T>) -> T {
    BACKGROUND.block_on(future)
}
