//! Where calls are made: threads with a runtime each, or the workers of one runtime.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, OnceLock};
use std::task::Poll;

use tokio::runtime::{Builder, Runtime};
use tokio::task::coop::unconstrained;

use super::case::Work;
use super::gate::Gate;
use super::sample::{Sample, Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// So many threads, each with a runtime of its own for one thread.
    Threads(usize),
    /// So many tasks at a time on one runtime with as many workers.
    Workers(usize),
}

impl Stage {
    pub(crate) const fn threads(self) -> usize {
        match self {
            Self::Threads(threads) | Self::Workers(threads) => threads,
        }
    }

    /// Tasks that the runtime drives would have to be sent to its workers, which not all can be.
    pub(super) const fn can(self, work: &Work) -> bool {
        matches!((self, work), (Self::Threads(_), _) | (_, Work::InPlace(_)))
    }

    /// The same for one.
    pub(super) const fn alone(self) -> Self {
        match self {
            Self::Threads(_) => Self::Threads(1),
            Self::Workers(_) => Self::Workers(1),
        }
    }

    /// Makes so many calls on every thread.
    pub(super) fn run(self, work: &Work, times: u64) -> Sample {
        let spans = match self {
            Self::Threads(1) => here(work, times),
            Self::Threads(threads) => on_threads(work, times, threads),
            Self::Workers(workers) => on_workers(work, times, workers),
        };
        Sample::of(&spans)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threads(1) => f.write_str("1 thread"),
            Self::Threads(threads) => write!(f, "{threads} threads"),
            Self::Workers(1) => f.write_str("1 worker"),
            Self::Workers(workers) => write!(f, "{workers} workers"),
        }
    }
}

std::thread_local! {
    static RUNTIME: Runtime = single();
}

/// On the thread that asks: on a busy machine a new one would have to wait for a processor.
fn here(work: &Work, times: u64) -> Vec<Span> {
    RUNTIME.with(|runtime| {
        let run = |times| on_runtime(work, times, runtime);
        vec![Span::take(&Gate::new(1), times, run)]
    })
}

fn on_threads(work: &Work, times: u64, threads: usize) -> Vec<Span> {
    let gate = Gate::new(threads);
    let spans = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let _watch = gate.watch();
                let runtime = single();
                let run = |times| on_runtime(work, times, &runtime);
                let span = Span::take(&gate, times, run);
                if let Ok(mut spans) = spans.lock() {
                    spans.push(span);
                }
            });
        }
    });
    spans.into_inner().unwrap_or_default()
}

/// Without tokio's cooperative budget: calls that are not awaited by tasks of their own would have to share one.
fn on_runtime(work: &Work, times: u64, runtime: &Runtime) -> u64 {
    match work {
        Work::InPlace(repeat) => runtime.block_on(unconstrained(poll_fn(|context| {
            Poll::Ready(repeat(times, context.waker()))
        }))),
        Work::Driven(drive) => runtime.block_on(drive(times)),
    }
}

fn on_workers(work: &Work, times: u64, workers: usize) -> Vec<Span> {
    let Work::InPlace(repeat) = work else {
        panic!("what the runtime drives is measured on one thread");
    };
    let runtime = multiple(workers);
    let gate = Arc::new(Gate::new(workers));
    let tasks: Vec<_> = (0..workers)
        .map(|_| {
            let (repeat, gate) = (Arc::clone(repeat), Arc::clone(&gate));
            runtime.spawn(unconstrained(async move {
                let _watch = gate.watch();
                gate.arrive().await;
                poll_fn(|context| {
                    let run = |times| repeat(times, context.waker());
                    Poll::Ready(Span::take(&gate, times, run))
                })
                .await
            }))
        })
        .collect();
    tasks
        .into_iter()
        .map(|task| runtime.block_on(task).expect("a task that ends"))
        .collect()
}

/// A runtime as `#[tokio::main(flavor = "current_thread")]` makes it.
pub(super) fn single() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// The runtime with so many workers.
pub(super) fn multiple(workers: usize) -> &'static Runtime {
    static RUNTIMES: [OnceLock<Runtime>; 3] = [const { OnceLock::new() }; 3];
    RUNTIMES[workers].get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(workers)
            .enable_all()
            .build()
            .expect("a runtime")
    })
}
