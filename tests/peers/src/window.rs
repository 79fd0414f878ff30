//! S13: breakers with a window of ten seconds that 20,000 calls go through in each second.

use std::fmt::Write as _;
use std::future::poll_fn;
use std::task::{Poll, Waker};
use std::time::Duration;

use failsafe::CircuitBreaker as _;
use layered::Service as _;
use tokio::task::coop::unconstrained;
use tower::{Service as _, ServiceExt as _};

use crate::body::{Plain as _, Ready, argument};
use crate::clock::{nanos, pause};
use crate::hand::Buckets;
use crate::harness::{Case, InPlace, Peer, Plan, Record, Role, Seat as _, Unit, Work, float};
use crate::ours;
use crate::peers::{breaker, resilience, seatbelt};

const WINDOW: Duration = Duration::from_secs(10);
/// Calls that each variant makes at once.
const BATCH: u64 = 200;
/// From one batch to the next, which makes 20,000 calls per second.
const SLOT: u64 = 10_000_000;
/// Batches after which the window is full.
const FULL: usize = 1_100;

/// How much of it.
#[derive(Clone, Copy)]
struct Extent {
    filling: usize,
    rounds: usize,
    /// Batches of a round, of which the median counts.
    batches: usize,
}

pub(crate) fn measure(plan: Plan) -> Vec<Record> {
    let extent = Extent {
        filling: if plan.smoke { 5 } else { FULL },
        rounds: plan.rounds,
        batches: if plan.smoke { 1 } else { 20 },
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let mut records = Vec::new();
    // One that walks through its history for each call would leave the others no time. What is measured alone is not of
    // the same rounds as the others: its ratios to them are of rounds that only have the same number, so its name says so.
    for (make, batches) in [(together as fn() -> Vec<Case>, 20), (alone, 2)] {
        let extent = Extent {
            batches: extent.batches.min(batches),
            ..extent
        };
        runtime.block_on(unconstrained(poll_fn(|context| {
            records.extend(paced(&make(), extent, context.waker()));
            Poll::Ready(())
        })));
    }
    records
}

/// The clock must be running where seatbelt is made.
fn together() -> Vec<Case> {
    let buckets: &Buckets = Box::leak(Box::default());
    let failsafe = Box::leak(Box::new(breaker::failsafe_of_time()));
    let seatbelt = Box::leak(Box::new(seatbelt::breaker::<Ready<13>>(WINDOW)));
    let (failsafe, seatbelt) = (&*failsafe, &*seatbelt);
    vec![
        InPlace::plain("bare", Role::Bare, || Ready::<13>::call(argument())),
        InPlace::plain("by hand: ten buckets under a lock", Role::Hand, || {
            buckets.call(nanos, || Ready::<13>::call(argument()))
        }),
        InPlace::plain(
            "ours",
            Role::Ours,
            || ours::history::<Ready<13>>(argument()),
        ),
        InPlace::call(
            "ours, an `async fn` with retry and deadline",
            Role::OursToo,
            || ours::history_of_both::<Ready<13>>(argument()),
        ),
        InPlace::plain("failsafe", Role::Peer(Peer::Failsafe), || {
            failsafe.call(|| Ready::<13>::call(argument()))
        }),
        InPlace::call("seatbelt", Role::Peer(Peer::Seatbelt), || {
            seatbelt.execute(argument())
        }),
    ]
}

fn alone() -> Vec<Case> {
    let service = resilience::breaker_of_time::<Ready<13>>();
    vec![InPlace::held(
        "tower-resilience",
        Role::Peer(Peer::TowerResilience),
        move || {
            let mut service = service.clone();
            async move || service.ready().await?.call(argument()).await
        },
    )]
}

/// Fills the windows, and goes on while it measures.
fn paced(cases: &[Case], extent: Extent, waker: &Waker) -> Vec<Record> {
    let mut pace = Pace { next: nanos() };
    let begun = nanos();
    let mut slots = 0;
    // One that is too slow for the pace fills what it can in the time.
    while slots < extent.filling && nanos() - begun < SLOT * extent.filling as u64 {
        pace.wait();
        for case in cases {
            batch(case, waker);
        }
        slots += 1;
    }
    let mut samples = vec![Vec::new(); cases.len()];
    let begun = nanos();
    for _ in 0..extent.rounds {
        let mut batches = vec![Vec::new(); cases.len()];
        for _ in 0..extent.batches {
            pace.wait();
            for (case, figures) in cases.iter().zip(&mut batches) {
                figures.push(batch(case, waker));
            }
        }
        for (samples, mut figures) in samples.iter_mut().zip(batches) {
            figures.sort_by(f64::total_cmp);
            samples.push(figures[figures.len() / 2]);
        }
    }
    let calls = BATCH * (extent.rounds * extent.batches) as u64;
    let rate = float(calls) * 1e9 / float(nanos() - begun);
    cases
        .iter()
        .zip(samples)
        .map(|(case, samples)| record(case, cases.len() == 1, rate, samples))
        .collect()
}

/// When the next batch is due.
struct Pace {
    next: u64,
}

impl Pace {
    fn wait(&mut self) {
        let now = nanos();
        if now < self.next {
            pause(Duration::from_nanos(self.next - now));
        }
        self.next = self.next.max(now) + SLOT;
    }
}

/// Nanoseconds of each call of a batch.
fn batch(case: &Case, waker: &Waker) -> f64 {
    let Work::InPlace(repeat) = &case.work else {
        panic!("batches are polled in place");
    };
    let begun = nanos();
    let answers = repeat(BATCH, waker);
    let taken = nanos() - begun;
    assert_eq!(answers, BATCH, "S13, {}: every call answers", case.name);
    float(taken) / float(BATCH)
}

/// Where a variant had the rounds to itself its name says so; and where it missed the pace, the one it kept while it was
/// measured.
fn record(case: &Case, alone: bool, rate: f64, samples: Vec<f64>) -> Record {
    let mut name = case.name.clone();
    if alone {
        name.push_str(", measured alone");
    }
    if rate < 19_000.0 {
        let _ = write!(name, ", at {rate:.0} calls per second");
    }
    Record {
        scenario: "S13",
        title: "breaker, closed, a window of 10 s with 20,000 calls per second",
        unit: Unit::Nanos,
        stage: "1 thread".to_owned(),
        name,
        role: case.role,
        samples,
        disturbed: 0,
    }
}
