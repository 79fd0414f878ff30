//! One sample: a number of calls on each thread, begun together.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use crate::body::attempts;
use crate::clock::nanos;

/// What one thread did.
pub(super) struct Span {
    begun: u64,
    ended: u64,
    disturbed: bool,
    answers: u64,
    attempts: u64,
}

impl Span {
    /// A tenth of the calls to warm up, then all of them.
    pub(super) fn take(waiting: &AtomicUsize, times: u64, mut run: impl FnMut(u64) -> u64) -> Self {
        run(times.div_ceil(10));
        meet(waiting);
        let (made, switches) = (attempts(), preempted());
        let begun = nanos();
        let answers = run(times);
        let ended = nanos();
        Self {
            begun,
            ended,
            disturbed: preempted() != switches,
            answers,
            attempts: attempts() - made,
        }
    }
}

pub(super) struct Sample {
    pub(super) nanos: u64,
    pub(super) disturbed: bool,
    /// Of all threads.
    pub(super) answers: u64,
    pub(super) attempts: u64,
}

impl Sample {
    /// From the first thread's beginning to the last one's end. Threads that began one after the other had a processor
    /// between them.
    pub(super) fn of(spans: &[Span]) -> Self {
        let begun = || spans.iter().map(|span| span.begun);
        let (first, last) = (begun().min().unwrap_or(0), begun().max().unwrap_or(0));
        let ended = spans.iter().map(|span| span.ended).max().unwrap_or(0);
        let nanos = ended - first;
        Self {
            nanos,
            disturbed: spans.iter().any(|span| span.disturbed) || last - first > nanos / 50,
            answers: spans.iter().map(|span| span.answers).sum(),
            attempts: spans.iter().map(|span| span.attempts).sum(),
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
