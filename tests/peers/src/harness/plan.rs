//! Scenarios, and the rounds in which they are measured.

use super::case::{Case, Expected};
use super::figures::{Record, Unit, disturbances, float, whole};
use super::sample::Sample;
use super::stage::Stage;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) rounds: usize,
    /// Everything once and with little, to see that it runs.
    pub(crate) smoke: bool,
}

impl Plan {
    /// How long a sample takes, unless a single call takes longer.
    fn nanos(self, stage: Stage) -> f64 {
        match stage {
            _ if self.smoke => 20e3,
            // Short, so that on a busy machine some are not disturbed.
            Stage::Threads(1) => 0.5e6,
            Stage::Threads(8) => 8e6,
            _ => 2e6,
        }
    }

    /// How often a sample is taken anew because another program came in between.
    fn retries(self, stage: Stage) -> u32 {
        match stage {
            _ if self.smoke => 0,
            Stage::Threads(1) => 25,
            _ => 10,
        }
    }
}

/// Variants of one thing, measured side by side.
pub(crate) struct Scenario {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) unit: Unit,
    pub(crate) stages: &'static [Stage],
    pub(crate) expected: Expected,
    /// Samples are of so many calls, or a multiple of it.
    pub(crate) least: u64,
    pub(crate) cases: Vec<Case>,
}

impl Scenario {
    /// Nanoseconds per call on one thread.
    pub(crate) fn new(
        id: &'static str,
        title: &'static str,
        expected: Expected,
        cases: Vec<Case>,
    ) -> Self {
        Self {
            id,
            title,
            unit: Unit::Nanos,
            stages: &[Stage::Threads(1)],
            expected,
            least: 1,
            cases,
        }
    }

    /// With at least so many calls in a sample.
    pub(crate) fn of(mut self, least: u64) -> Self {
        self.least = least;
        self
    }

    /// Calls per second on these stages instead.
    pub(crate) fn on(mut self, stages: &'static [Stage]) -> Self {
        self.unit = Unit::Rate;
        self.stages = stages;
        self
    }

    /// Measures all scenarios, every variant in each round.
    ///
    /// # Panics
    /// If a variant does not do what it should.
    pub(crate) fn measure(scenarios: &[Self], plan: Plan) -> Vec<Record> {
        let mut turns: Vec<_> = scenarios
            .iter()
            .flat_map(|scenario| scenario.turns(plan))
            .collect();
        for round in 0..plan.rounds {
            eprint!("\rround {} of {}", round + 1, plan.rounds);
            for turn in &mut turns {
                turn.take(plan);
            }
        }
        eprintln!();
        let records: Vec<_> = turns.into_iter().map(|turn| turn.record).collect();
        for line in disturbances(&records) {
            eprintln!("{line}");
        }
        records
    }

    fn turns(&self, plan: Plan) -> Vec<Turn<'_>> {
        let turn = |case, &stage| Turn::new(self, case, stage, plan);
        let stages = |case: &'_ Case| {
            let can = case.work.clone();
            self.stages.iter().filter(move |stage| stage.can(&can))
        };
        self.cases
            .iter()
            .flat_map(|case| stages(case).map(move |stage| turn(case, stage)))
            .collect()
    }
}

/// One variant on one stage.
struct Turn<'a> {
    scenario: &'a Scenario,
    case: &'a Case,
    stage: Stage,
    /// Calls of each thread in a sample.
    times: u64,
    record: Record,
}

impl<'a> Turn<'a> {
    fn new(scenario: &'a Scenario, case: &'a Case, stage: Stage, plan: Plan) -> Self {
        let mut turn = Self {
            scenario,
            case,
            stage,
            times: scenario.least,
            record: Record {
                scenario: scenario.id,
                title: scenario.title,
                unit: scenario.unit,
                stage: stage.to_string(),
                name: case.name.clone(),
                role: case.role,
                samples: Vec::new(),
                disturbed: 0,
            },
        };
        turn.calibrate(plan.nanos(stage));
        turn
    }

    /// Finds out how many calls take so long, on one thread: several that share a processor begin at different times.
    fn calibrate(&mut self, nanos: f64) {
        let stage = self.stage.alone();
        loop {
            let tries = (0..3).map(|_| self.run_on(stage).nanos);
            let taken = float(tries.min().unwrap_or(0)).max(1.0);
            if taken >= nanos / 10.0 {
                let least = self.scenario.least;
                let times = whole(float(self.times) * nanos / taken);
                self.times = times.next_multiple_of(least).max(least);
                return;
            }
            self.times *= 8;
        }
    }

    fn take(&mut self, plan: Plan) {
        let mut sample = self.run();
        for _ in 0..plan.retries(self.stage) {
            if !sample.disturbed {
                break;
            }
            let next = self.run();
            // Of those that are all disturbed the one that was disturbed least.
            if !next.disturbed || next.nanos < sample.nanos {
                sample = next;
            }
        }
        self.record.disturbed += usize::from(sample.disturbed);
        let each = float(sample.nanos) / float(self.times);
        let figure = match self.scenario.unit {
            Unit::Rate => 1e3 * float(self.stage.threads() as u64) / each,
            _ => each,
        };
        self.record.samples.push(figure);
    }

    fn run(&self) -> Sample {
        self.run_on(self.stage)
    }

    /// Runs a sample, and makes sure that the calls did what they should.
    fn run_on(&self, stage: Stage) -> Sample {
        let sample = stage.run(&self.case.work, self.times);
        let threads = float(stage.threads() as u64);
        let calls = float(self.times) * threads;
        let Expected { answers, attempts } = self.case.expected.unwrap_or(self.scenario.expected);
        for (what, found, expected) in [
            ("answers", sample.answers, answers),
            ("attempts", sample.attempts, attempts),
        ] {
            let off = (float(found) - expected * calls).abs();
            assert!(
                off < 4.0 * threads,
                "{}, {}: {found} {what} of {calls} calls",
                self.scenario.id,
                self.case.name
            );
        }
        sample
    }
}
