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

    /// Nanoseconds of wall clock per call of one thread, from a sample in which no thread had to yield to another
    /// program, if there is one among a few.
    fn sample(&self, threads: usize, times: u64) -> f64 {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let mut sample = self.run(threads, times);
        for _ in 0..RETRIES {
            if !sample.disturbed || threads > processors {
                break;
            }
            sample = self.run(threads, times);
        }
        float(sample.nanos) / float(times)
    }

    /// From the first thread's beginning to the last one's end.
    fn run(&self, threads: usize, times: u64) -> Sample {
        let waiting = AtomicUsize::new(threads);
        let spans = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    (self.repeat)(times / 10);
                    meet(&waiting);
                    let before = preempted();
                    let begun = nanos();
                    (self.repeat)(times);
                    let ended = nanos();
                    let disturbed = preempted() != before;
                    if let Ok(mut spans) = spans.lock() {
                        spans.push((begun, ended, disturbed));
                    }
                });
            }
        });
        Sample::of(&spans.into_inner().unwrap_or_default())
    }

    /// So many calls as take about a millisecond on one thread.
    fn calibrate(&self) -> u64 {
        self.sample(1, 10_000);
        let each = self.sample(1, 100_000).max(0.1);
        whole(1e6 / each).max(1_000)
    }
}

struct Sample {
    nanos: u64,
    disturbed: bool,
}

impl Sample {
    /// Of the beginning and the end of each thread's calls, and whether it was preempted. Threads that began one after
    /// the other had a processor between them.
    fn of(spans: &[(u64, u64, bool)]) -> Self {
        let begun = || spans.iter().map(|span| span.0);
        let (first, last) = (begun().min().unwrap_or(0), begun().max().unwrap_or(0));
        let ended = spans.iter().map(|span| span.1).max().unwrap_or(0);
        let nanos = ended - first;
        Self {
            nanos,
            disturbed: spans.iter().any(|span| span.2) || last - first > nanos / 50,
        }
    }
}

/// Waits until every thread is there, on its processor as long as there are processors.
fn meet(waiting: &AtomicUsize) {
    waiting.fetch_sub(1, SeqCst);
    for spins in 0_u32.. {
        if waiting.load(SeqCst) == 0 {
            break;
        }
        if spins > 10_000 {
            std::thread::yield_now();
        }
        spin_loop();
    }
}

/// How often this thread has been preempted; always 0 where Linux does not tell.
fn preempted() -> u64 {
    let status = std::fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("nonvoluntary_ctxt_switches:"));
    line.and_then(|count| count.trim().parse().ok())
        .unwrap_or(0)
}

/// Nanoseconds per call: of each case, for each number of threads, in each round.
pub(crate) struct Figures {
    cases: Vec<Case>,
    rounds: Vec<Vec<[f64; THREADS.len()]>>,
}

pub(crate) const THREADS: [usize; 3] = [1, 2, 8];
/// How long each thread is at it, if it is alone; longer where threads have to share processors.
const MILLIS: [u64; 3] = [2, 2, 8];
/// How often a sample is taken anew because another program came in between.
const RETRIES: u32 = 25;

impl Figures {
    pub(crate) fn take(cases: Vec<Case>, rounds: usize) -> Self {
        let times: Vec<_> = cases.iter().map(Case::calibrate).collect();
        let round = |_| {
            let sample = |(case, times): (&Case, &u64)| {
                let each = |at: usize| case.sample(THREADS[at], times * MILLIS[at]);
                [0, 1, 2].map(each)
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
