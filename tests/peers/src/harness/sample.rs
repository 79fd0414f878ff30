//! One sample: a number of calls on each thread, begun together.

#[cfg(test)]
mod tests;

use super::gate::{Gate, processors};
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
    pub(super) fn take(gate: &Gate, times: u64, mut run: impl FnMut(u64) -> u64) -> Self {
        run(times.div_ceil(10));
        gate.settle();
        let (made, switches) = (attempts(), preempted());
        // What was just read takes one thread longer than another.
        gate.meet();
        let begun = nanos();
        let answers = run(times);
        let ended = nanos();
        let disturbed = preempted() != switches;
        gate.leave();
        Self {
            begun,
            ended,
            disturbed,
            answers,
            attempts: attempts() - made,
        }
    }
}

pub(super) struct Sample {
    pub(super) nanos: u64,
    /// Where there are fewer processors than threads that is nothing special, and not told.
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
        let disturbed = spans.iter().any(|span| span.disturbed) || last - first > nanos / 50;
        Self {
            nanos,
            disturbed: disturbed && spans.len() <= processors(),
            answers: spans.iter().map(|span| span.answers).sum(),
            attempts: spans.iter().map(|span| span.attempts).sum(),
        }
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
