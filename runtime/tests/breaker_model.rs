//! Random commands to a breaker and to a simple reference: they must agree at every step.
#![cfg(not(loom))]

#[path = "breaker_model/reference.rs"]
mod reference;

use std::cell::Cell;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use reference::Reference;
use wait_or_die::breaker::{Core, Outcome, Permit, Seams, State};
use wait_or_die::{BreakerPolicy, OnCancel, Window};

#[derive(Clone, Debug)]
enum Command {
    Acquire,
    Record(usize, Outcome, Option<Duration>),
    Cancel(usize),
    Drop(usize),
    Hang(usize),
    Step(i64),
    Hand(State),
    Reconfigure(BreakerPolicy),
    Look,
}

std::thread_local! {
    static NOW: Cell<u64> = const { Cell::new(0) };
}

const DRAWS: [(f64, fn() -> f64); 3] = [(0.0, || 0.0), (0.3, || 0.3), (1.0, || 1.0)];

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn shares() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![0.25, 0.3, 0.5, 0.75, 1.0])
}

/// What opens it.
fn trips() -> impl Strategy<Value = BreakerPolicy> {
    let base = BreakerPolicy::new();
    let slow = prop::option::of((500_u64..2_000, shares()));
    let counted = (1_u32..7).prop_flat_map(|calls| (Just(Window::Calls(calls)), 1..=calls));
    // Odd lengths, so that buckets do not divide them evenly.
    let timed = (1_000_000_u64..7_000_000_000, 1_u32..6)
        .prop_map(|(nanos, least)| (Window::Time(Duration::from_nanos(nanos | 1)), least));
    let rated = (prop_oneof![counted, timed], shares(), slow);
    prop_oneof![
        1 => (1_u32..5).prop_map(move |failures| base.with_failure_threshold(failures)),
        3 => rated.prop_map(move |((window, least), rate, slow)| {
            let policy = base
                .with_failure_rate(rate)
                .with_window(window)
                .with_minimum_calls(least);
            match slow {
                None => policy,
                Some((slow, rate)) => policy.with_slow_call(millis(slow)).with_slow_call_rate(rate),
            }
        }),
    ]
}

prop_compose! {
    fn policies()(
        trips in trips(),
        recovery in 200_u64..4_000,
        growth in prop::option::of(1_u64..6),
        successes in prop::option::of(1_u32..4),
        probes in 1_u32..4,
        fails in any::<bool>(),
    ) -> BreakerPolicy {
        let on_cancel = if fails { OnCancel::Failure } else { OnCancel::Ignore };
        let mut policy = trips
            .with_recovery_timeout(millis(recovery))
            .with_half_open_calls(probes)
            .with_on_cancel(on_cancel);
        if let Some(growth) = growth {
            policy = policy.with_max_recovery_timeout(millis(recovery * growth + 7));
        }
        successes.map_or(policy, |successes| policy.with_success_threshold(successes))
    }
}

fn commands() -> impl Strategy<Value = Command> {
    let outcomes = prop::sample::select(vec![
        Outcome::Success,
        Outcome::Success,
        Outcome::Failure,
        Outcome::Failure,
        Outcome::Ignore,
    ]);
    let elapsed = prop::option::weighted(0.2, (0_u64..3_000).prop_map(millis));
    let hands = prop::sample::select(vec![
        State::Closed,
        State::Closed,
        State::ForcedOpen,
        State::ForcedClosed,
        State::Disabled,
    ]);
    // Forward by up to some recovery times, far forward, a little back, very far back.
    let steps = prop_oneof![
        20 => 0_i64..600_000_000,
        8 => 0_i64..5_000_000_000,
        2 => 9_000_000_000_i64..40_000_000_000,
        2 => -200_000_000_i64..0,
        1 => Just(-1_000_000_000_000_000),
    ];
    prop_oneof![
        30 => Just(Command::Acquire),
        30 => (0_usize..4, outcomes, elapsed).prop_map(|(at, outcome, took)| Command::Record(at, outcome, took)),
        4 => (0_usize..4).prop_map(Command::Cancel),
        3 => (0_usize..4).prop_map(Command::Drop),
        2 => (0_usize..4).prop_map(Command::Hang),
        20 => steps.prop_map(Command::Step),
        2 => hands.prop_map(Command::Hand),
        2 => policies().prop_map(Command::Reconfigure),
        8 => Just(Command::Look),
    ]
}

struct Pair {
    core: Arc<Core>,
    reference: Reference,
    told: Arc<Mutex<Vec<(State, State)>>>,
    permits: Vec<(Permit<Arc<Core>>, reference::Permit)>,
    /// Of calls that never come back, kept lest they leak.
    hung: Vec<(Permit<Arc<Core>>, reference::Permit)>,
    /// Of the reference; the breaker's is the same modulo 2^64.
    now: i128,
}

impl Pair {
    fn new(policy: BreakerPolicy, draw: usize, start: u64) -> Self {
        let (value, draw) = DRAWS[draw];
        let seams = Seams::new(|| NOW.get(), draw);
        let core = Arc::new(Core::new(policy, seams, start).unwrap());
        let told = Arc::new(Mutex::new(Vec::new()));
        let list = Arc::clone(&told);
        core.listen(move |change| list.lock().unwrap().push((change.from, change.to)));
        NOW.set(start);
        Self {
            core,
            reference: Reference::new(policy, value, i128::from(start)),
            told,
            permits: Vec::new(),
            hung: Vec::new(),
            now: i128::from(start),
        }
    }

    fn take(&mut self, at: usize) -> Option<(Permit<Arc<Core>>, reference::Permit)> {
        let permits = self.permits.len();
        (permits > 0).then(|| self.permits.swap_remove(at % permits))
    }

    fn run(&mut self, command: &Command) -> Result<(), TestCaseError> {
        let (ticks, now) = (NOW.get(), self.now);
        match *command {
            Command::Acquire => self.acquire()?,
            Command::Record(at, outcome, elapsed) => {
                if let Some((permit, twin)) = self.take(at) {
                    match elapsed {
                        Some(elapsed) => permit.record_after(outcome, elapsed, ticks),
                        None => permit.record(outcome, ticks),
                    }
                    self.reference.record(twin, outcome, elapsed, now);
                }
            }
            Command::Cancel(at) => {
                if let Some((permit, twin)) = self.take(at) {
                    permit.cancel(ticks);
                    self.reference.cancel(twin, now);
                }
            }
            Command::Drop(at) => {
                if let Some((permit, twin)) = self.take(at) {
                    drop(permit);
                    self.reference.cancel(twin, now);
                }
            }
            Command::Hang(at) => {
                let hung = self.take(at);
                self.hung.extend(hung);
            }
            Command::Step(step) => {
                self.now += i128::from(step);
                NOW.set(ticks.wrapping_add_signed(step));
            }
            Command::Hand(to) => {
                match to {
                    State::ForcedOpen => self.core.force_open(ticks),
                    State::ForcedClosed => self.core.force_closed(ticks),
                    State::Disabled => self.core.disable(ticks),
                    _ => self.core.reset(ticks),
                }
                self.reference.by_hand(to, now);
            }
            Command::Reconfigure(policy) => {
                self.core.reconfigure(policy, ticks).unwrap();
                self.reference.reconfigure(policy, now);
            }
            Command::Look => self.look()?,
        }
        let word = (self.core.state(), &*self.told.lock().unwrap());
        let state = self
            .reference
            .changes
            .last()
            .map_or(State::Closed, |change| change.1);
        prop_assert_eq!(word, (state, &self.reference.changes));
        Ok(())
    }

    fn acquire(&mut self) -> Result<(), TestCaseError> {
        let permit = Permit::acquire(Arc::clone(&self.core), Duration::ZERO, NOW.get());
        let twin = self.reference.acquire(self.now);
        match (permit, twin) {
            (Ok(permit), Ok(twin)) => self.permits.push((permit, twin)),
            (Err(refusal), Err(twin)) => {
                let left = refusal
                    .retry_in
                    .map(|left| i128::try_from(left.as_nanos()).unwrap());
                prop_assert_eq!((refusal.state, left), twin);
            }
            (permit, twin) => prop_assert!(false, "{:?} but {:?}", permit, twin),
        }
        Ok(())
    }

    fn look(&mut self) -> Result<(), TestCaseError> {
        let seen = self.core.snapshot(NOW.get());
        let nanos = |duration: Duration| i128::try_from(duration.as_nanos()).unwrap();
        let size = |count: u64| usize::try_from(count).unwrap();
        let seen = reference::Seen {
            state: seen.state,
            generation: seen.generation,
            since: nanos(seen.since),
            retry_in: seen.retry_in.map(nanos),
            in_a_row: seen.consecutive_failures,
            counts: (size(seen.calls), size(seen.failures), size(seen.slow_calls)),
            probes: seen.probes as usize,
        };
        prop_assert_eq!(seen, self.reference.look(self.now));
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12_000,
        rng_seed: RngSeed::Fixed(2007),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Half of the runs begin a few seconds before the clock rolls over.
    #[test]
    fn the_breaker_does_what_the_reference_does(
        policy in policies(),
        draw in 0..DRAWS.len(),
        rolls in any::<bool>(),
        commands in prop::collection::vec(commands(), 1..120),
    ) {
        let start = if rolls { u64::MAX - 3_000_000_000 } else { 1 << 50 };
        let mut pair = Pair::new(policy, draw, start);
        for command in &commands {
            pair.run(command)?;
        }
        pair.look()?;
    }
}
