//! Calls counted without a clock and without contention.

use crate::sync::{AtomicU64, Ordering};

/// Whether the caller of a call knew the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Untimed,
    /// Counted after [`Ledger::pass`](super::ledger::Ledger::pass), so that it belongs to the newest slot.
    Timed,
}

/// Calls of each kind.
#[derive(Debug, Default)]
struct Counts {
    untimed: AtomicU64,
    timed: AtomicU64,
}

impl Counts {
    #[inline]
    const fn of(&self, kind: Kind) -> &AtomicU64 {
        match kind {
            Kind::Untimed => &self.untimed,
            Kind::Timed => &self.timed,
        }
    }
}

/// Two cache lines, because processors fetch them in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Shard {
    /// Written by the one thread that holds the shard's seat, so that a load and a store make an increment.
    own: Counts,
    /// Written by all the threads that have no seat here.
    shared: Counts,
}

/// Counters that only ever grow; one per seat, see [`seat`](super::seat).
#[derive(Debug)]
pub(super) struct Shards(Box<[Shard]>);

impl Shards {
    /// `count` shards, at least one.
    pub(super) fn new(count: usize) -> Self {
        Self((0..count.max(1)).map(|_| Shard::default()).collect())
    }

    /// Counts one call of the thread that holds `seat`; false where there is no shard for that seat.
    ///
    /// Two threads must never hold one seat at a time: one of two simultaneous counts would be lost.
    #[inline]
    pub(super) fn add_own(&self, seat: usize, kind: Kind) -> bool {
        let Some(shard) = self.0.get(seat) else {
            return false;
        };
        // Relaxed is enough: a count guards no other memory.
        let count = shard.own.of(kind);
        count.store(
            count.load(Ordering::Relaxed).wrapping_add(1),
            Ordering::Relaxed,
        );
        true
    }

    /// Counts one call of a thread without a shard of its own.
    pub(super) fn add_shared(&self, seat: usize, kind: Kind) {
        if let Some(shard) = self.0.get(seat % self.0.len()) {
            shard.shared.of(kind).fetch_add(1, Ordering::Relaxed);
        }
    }

    /// All calls of a kind ever counted, as far as the calling thread knows. Never less than an answer that
    /// happened before.
    pub(super) fn total(&self, kind: Kind) -> u64 {
        self.0.iter().fold(0, |sum, shard| {
            sum.wrapping_add(shard.own.of(kind).load(Ordering::Relaxed))
                .wrapping_add(shard.shared.of(kind).load(Ordering::Relaxed))
        })
    }
}
