//! Random command sequences against a model that keeps every call and every retry by itself.

use core::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::budget::BudgetPolicy;
use crate::budget::bucket::{RETRY, SLOTS, Source};
use crate::budget::ledger::Ledger;
use crate::budget::shards::Kind;

/// The width of a slot of one second's memory.
const WIDTH: u64 = 20_000_000;

#[derive(Debug, Clone)]
enum Command {
    Calls(u64),
    CallsNow(u64),
    Pass(i64),
    TryWithdraw,
    Sleep,
    Wake(usize),
    GiveBack(usize),
}

fn command() -> impl Strategy<Value = Command> {
    let step = prop_oneof![
        4 => 0..30_000_000_i64,
        2 => (0..60_i64).prop_map(|slots| slots * 20_000_000),
        1 => -50_000_000..3_000_000_000_i64,
    ];
    prop_oneof![
        3 => (0..30_u64).prop_map(Command::Calls),
        2 => (0..30_u64).prop_map(Command::CallsNow),
        3 => step.prop_map(Command::Pass),
        4 => Just(Command::TryWithdraw),
        3 => Just(Command::Sleep),
        2 => any::<usize>().prop_map(Command::Wake),
        1 => any::<usize>().prop_map(Command::GiveBack),
    ]
}

#[derive(Debug, Default)]
struct Model {
    per_call: u64,
    reserve: usize,
    since: u64,
    newest: u64,
    pending: u64,
    pending_in_newest: u64,
    /// Slot and tokens of each call, oldest first.
    calls: Vec<(u64, u64)>,
    /// Slots in which retries on the reserve started.
    started: Vec<u64>,
    asleep: Vec<Source>,
}

impl Model {
    fn fold(&mut self, now: u64) {
        let now = now.max(self.since);
        let (first, elapsed) = (self.since / WIDTH, now - self.since);
        let timed = (self.newest, self.per_call);
        self.calls
            .extend((0..self.pending_in_newest).map(|_| timed));
        self.newest = now / WIDTH;
        for call in 1..=self.pending {
            // Call `n` of `pending` came when that share of the time had passed; a boundary belongs to the slot it ends.
            let at = self.since + (call * elapsed).div_ceil(self.pending);
            let slot = if first == self.newest {
                first
            } else {
                (at - 1) / WIDTH
            };
            self.calls.push((slot, self.per_call));
        }
        (self.pending, self.pending_in_newest, self.since) = (0, 0, now);
        let newest = self.newest;
        self.calls.retain(|(slot, _)| slot + SLOTS > newest);
        self.started.retain(|slot| slot + SLOTS > newest);
        self.calls.sort_unstable_by_key(|(slot, _)| *slot);
    }

    fn tokens(&self) -> u64 {
        self.calls.iter().map(|(_, tokens)| tokens).sum()
    }

    fn reserve_left(&self) -> usize {
        let asleep = self.asleep.iter().filter(|s| **s == Source::Reserve);
        self.reserve - self.started.len() - asleep.count()
    }

    fn pay(&mut self) -> Option<Source> {
        if self.tokens() < RETRY {
            return (self.reserve_left() > 0).then_some(Source::Reserve);
        }
        let mut owed = RETRY;
        let mut oldest = None;
        for (slot, tokens) in &mut self.calls {
            let spent = owed.min(*tokens);
            *tokens -= spent;
            owed -= spent;
            if spent > 0 {
                oldest.get_or_insert(*slot);
            }
        }
        oldest.map(Source::Calls)
    }

    fn start(&mut self, source: Source) {
        if source == Source::Reserve {
            self.started.push(self.newest);
        }
    }
}

/// The ledger and the model side by side.
struct Pair {
    ledger: Ledger,
    model: Model,
    now: u64,
}

impl Pair {
    fn new(ratio: f64, reserve: u32) -> Self {
        let policy = BudgetPolicy::new()
            .with_ratio(ratio)
            .with_reserve_per_second(reserve)
            .with_memory(Duration::from_secs(1));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // small and positive
        let model = Model {
            per_call: (ratio * 1e6).round() as u64,
            reserve: reserve as usize,
            ..Model::default()
        };
        Self {
            ledger: Ledger::new(&policy, 1),
            model,
            now: 0,
        }
    }

    fn count(&self, calls: u64, kind: Kind) {
        for _ in 0..calls {
            assert!(self.ledger.shards().add_own(0, kind));
        }
    }

    /// Runs a command on both; their answers must agree.
    fn run(&mut self, command: &Command) -> Result<(), TestCaseError> {
        let (ledger, model, now) = (&self.ledger, &mut self.model, self.now);
        match *command {
            Command::Calls(calls) => {
                model.pending += calls;
                self.count(calls, Kind::Untimed);
            }
            Command::CallsNow(calls) => {
                ledger.pass(now);
                if now / WIDTH > model.newest {
                    model.fold(now);
                }
                model.pending_in_newest += calls;
                self.count(calls, Kind::Timed);
            }
            Command::Pass(by) => self.now = now.saturating_add_signed(by),
            Command::TryWithdraw => {
                model.fold(now);
                let paid = model.pay();
                prop_assert_eq!(ledger.try_withdraw(now), paid.is_some());
                if let Some(source) = paid {
                    model.start(source);
                }
            }
            Command::Sleep => {
                model.fold(now);
                let paid = model.pay();
                prop_assert_eq!(ledger.put_to_sleep(now), paid);
                model.asleep.extend(paid);
            }
            Command::Wake(_) | Command::GiveBack(_) if model.asleep.is_empty() => {}
            Command::Wake(at) => {
                model.fold(now);
                let source = model.asleep.remove(at % model.asleep.len());
                model.start(source);
                ledger.wake(now, source);
            }
            Command::GiveBack(at) => {
                let source = model.asleep.remove(at % model.asleep.len());
                if let Source::Calls(slot) = source {
                    model.calls.push((slot, RETRY));
                }
                ledger.give_back(source);
            }
        }
        Ok(())
    }

    /// Looking folds in what has been counted, so it is not done after the commands that count.
    fn compare(&mut self) -> Result<(), TestCaseError> {
        let (ledger, model) = (&self.ledger, &mut self.model);
        model.fold(self.now);
        let seen = ledger.snapshot(self.now);
        prop_assert_eq!(seen.calls_left, model.tokens() / RETRY);
        prop_assert_eq!(seen.reserve_left, model.reserve_left() as u64);
        prop_assert_eq!(seen.sleeping, model.asleep.len() as u64);
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10_000,
        rng_seed: RngSeed::Fixed(3),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_sequence_of_commands_agrees_with_the_model(
        ratio in prop::sample::select(vec![0.0, 0.2, 1.0 / 3.0, 0.7, 1.0, 2.5]),
        reserve in 0..4_u32,
        commands in prop::collection::vec(command(), 1..60),
    ) {
        let mut pair = Pair::new(ratio, reserve);
        for command in commands {
            pair.run(&command)?;
            if !matches!(command, Command::Calls(_) | Command::CallsNow(_) | Command::Pass(_)) {
                pair.compare()?;
            }
        }
        pair.compare()?;
    }
}
