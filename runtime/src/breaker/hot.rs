//! What calls read without a lock, on cache lines that nobody writes while all is well.

use std::sync::{Arc, OnceLock};

use super::ticks::{Span, ticks};
use super::window::Shards;
use super::word::Word;
use crate::policy::BreakerPolicy;
use crate::sync::{AtomicU32, AtomicU64, Ordering};

#[derive(Debug)]
pub(super) struct Hot {
    word: AtomicU64,
    gate: Gate,
    failure_threshold: AtomicU32,
    slow_after: AtomicU64,
    /// Made when a window of time is first asked for.
    pub(super) shards: OnceLock<Arc<Shards>>,
}

impl Hot {
    pub(super) fn new(policy: &BreakerPolicy) -> Self {
        let hot = Self {
            word: AtomicU64::new(Word::new(policy).0),
            gate: Gate::new(),
            failure_threshold: AtomicU32::new(0),
            slow_after: AtomicU64::new(0),
            shards: OnceLock::new(),
        };
        hot.take_over(policy);
        hot
    }

    #[inline]
    pub(super) fn word(&self) -> Word {
        // Acquire: whoever sees a state sees the window and the gate that were made ready for it.
        Word(self.word.load(Ordering::Acquire))
    }

    /// Replaces the word `from`; false if it has changed meanwhile.
    pub(super) fn replace(&self, from: Word, to: Word) -> bool {
        self.word
            .compare_exchange(from.0, to.0, Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
    }

    pub(super) const fn gate(&self) -> &Gate {
        &self.gate
    }

    pub(super) fn failure_threshold(&self) -> u32 {
        self.failure_threshold.load(Ordering::Relaxed)
    }

    /// The ticks from which a call is slow.
    pub(super) fn slow_after(&self) -> u64 {
        self.slow_after.load(Ordering::Relaxed)
    }

    /// Takes over the settings that are read without the lock, but for the flags in the word.
    pub(super) fn take_over(&self, policy: &BreakerPolicy) {
        let failures = policy.failure_threshold().unwrap_or(u32::MAX);
        self.failure_threshold.store(failures, Ordering::Relaxed);
        let slow_after = policy.slow_call().map_or(u64::MAX, ticks);
        self.slow_after.store(slow_after, Ordering::Relaxed);
    }
}

/// Until when no permit can be had, so that a refusal takes no lock.
///
/// Two words that may be read from two different moments. That can only refuse a call that came while the gate was
/// being moved, or send one to the lock, where the truth is.
#[derive(Debug)]
pub(super) struct Gate {
    end: AtomicU64,
    limit: AtomicU64,
}

impl Gate {
    fn new() -> Self {
        Self {
            end: AtomicU64::new(0),
            limit: AtomicU64::new(0),
        }
    }

    /// Lets nobody pass before the span is over.
    pub(super) fn close(&self, span: &Span) {
        self.end.store(span.end(), Ordering::Relaxed);
        self.limit.store(span.limit(), Ordering::Relaxed);
    }

    /// Sends everybody to the lock.
    pub(super) fn open(&self) {
        self.limit.store(0, Ordering::Relaxed);
    }

    /// The ticks left, if nobody can pass at `now`. More than the limit is what a clock that stepped far back shows:
    /// then the span has to start anew, under the lock.
    #[inline]
    pub(super) fn left(&self, now: u64) -> Option<u64> {
        let left = self.end.load(Ordering::Relaxed).wrapping_sub(now);
        let limit = self.limit.load(Ordering::Relaxed);
        (left.wrapping_sub(1) < limit).then_some(left)
    }
}
