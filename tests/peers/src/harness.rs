//! Rounds in which every variant has its turn, so that what disturbs the machine disturbs them all; medians of rounds,
//! and of ratios taken within a round.

use std::hint::{black_box, spin_loop};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use crate::clock::nanos;

/// A variant: runs its call so many times.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// The variant that its figures are set against.
    pub(crate) beside: &'static str,
    repeat: Box<dyn Fn(u64) + Sync>,
}

impl Case {
    pub(crate) fn new<T>(
        name: &'static str,
        beside: &'static str,
        call: impl Fn() -> T + Sync + 'static,
    ) -> Self {
        let repeat = move |times| {
            for _ in 0..times {
                black_box(call());
            }
        };
        Self {
            name,
            beside,
            repeat: Box::new(repeat),
        }
    }

    /// Nanoseconds of wall clock from the first thread's beginning to the last one's end, per call of one thread.
    fn run(&self, threads: usize, times: u64) -> f64 {
        let waiting = AtomicUsize::new(threads);
        let spans = Mutex::new((u64::MAX, 0));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    (self.repeat)(times / 10);
                    waiting.fetch_sub(1, SeqCst);
                    while waiting.load(SeqCst) > 0 && threads > 1 {
                        spin_loop();
                    }
                    let begun = nanos();
                    (self.repeat)(times);
                    let ended = nanos();
                    let mut spans = spans.lock().unwrap();
                    *spans = (spans.0.min(begun), spans.1.max(ended));
                });
            }
        });
        let (begun, ended) = spans.into_inner().unwrap();
        float(ended - begun) / float(times)
    }

    /// So many calls as take about `nanos` on one thread.
    fn calibrate(&self, nanos: f64) -> u64 {
        self.run(1, 10_000);
        let each = self.run(1, 100_000).max(0.1);
        whole(nanos / each).max(1_000)
    }
}

/// Nanoseconds per call: of each case, for each number of threads, in each round.
pub(crate) struct Figures {
    cases: Vec<Case>,
    rounds: Vec<Vec<[f64; THREADS.len()]>>,
}

pub(crate) const THREADS: [usize; 3] = [1, 2, 8];

impl Figures {
    /// Each sample takes about `millis` of a processor.
    pub(crate) fn take(cases: Vec<Case>, rounds: usize, millis: f64) -> Self {
        let times: Vec<_> = cases
            .iter()
            .map(|case| case.calibrate(millis * 1e6))
            .collect();
        let round = |_| {
            let sample = |(case, times): (&Case, &u64)| {
                THREADS.map(|threads| case.run(threads, times / threads as u64))
            };
            cases.iter().zip(&times).map(sample).collect()
        };
        let rounds = (0..rounds).map(round).collect();
        Self { cases, rounds }
    }

    pub(crate) fn cases(&self) -> &[Case] {
        &self.cases
    }

    fn over_rounds(&self, figure: impl Fn(&[[f64; THREADS.len()]]) -> f64) -> f64 {
        median(self.rounds.iter().map(|round| figure(round)).collect())
    }

    /// Nanoseconds per call on one thread.
    pub(crate) fn cost(&self, case: usize) -> f64 {
        self.over_rounds(|round| round[case][0])
    }

    /// The cost of a case over that of the one that it is set beside.
    pub(crate) fn ratio(&self, case: usize) -> f64 {
        let beside = self.beside(case);
        self.over_rounds(|round| round[case][0] / round[beside][0])
    }

    /// Millions of calls per second of all threads together.
    pub(crate) fn throughput(&self, case: usize, threads: usize) -> f64 {
        self.over_rounds(|round| rate(round[case][threads], threads))
    }

    /// What the threads get done together, over what one gets done alone.
    pub(crate) fn scaling(&self, case: usize, threads: usize) -> f64 {
        self.over_rounds(|round| rate(round[case][threads], threads) / rate(round[case][0], 0))
    }

    /// Throughput over that of the case that it is set beside.
    pub(crate) fn throughput_ratio(&self, case: usize, threads: usize) -> f64 {
        let beside = self.beside(case);
        self.over_rounds(|round| round[beside][threads] / round[case][threads])
    }

    fn beside(&self, case: usize) -> usize {
        let beside = self.cases[case].beside;
        let found = self.cases.iter().position(|each| each.name == beside);
        found.expect("a case of that name")
    }
}

fn rate(each: f64, threads: usize) -> f64 {
    1e3 * float(THREADS[threads] as u64) / each
}

pub(crate) fn median(mut list: Vec<f64>) -> f64 {
    list.sort_by(f64::total_cmp);
    list[list.len() / 2]
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a last bit does not matter here"
)]
pub(crate) fn float(number: u64) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of calls, far from both ends"
)]
fn whole(number: f64) -> u64 {
    number as u64
}
