//! Successes in a window of time, counted without the lock.
//!
//! Only a failure, a slow call, the first calls of a bucket and too few calls can make a rate reach its limit; another
//! success can only lower it. So once the counts of a bucket have been looked at under the lock and settled,
//! successes are counted in a shard of the thread's own, and nobody is asked.

#[cfg(all(test, not(loom)))]
mod tests;

use crate::sync::{AtomicU64, Ordering, Padded, thread_number};

/// Equal parts of the window. Eleven, so that a bucket, rounded up, is still at most a tenth of the window.
pub(super) const PARTS: usize = if cfg!(loom) { 1 } else { 11 };
/// One more: while a bucket fills, those before it still cover the whole window.
pub(super) const BUCKETS: usize = PARTS + 1;
const SHARDS: usize = if cfg!(loom) { 2 } else { 8 };

/// Names a bucket: the generation and the count of buckets so far, 16 bits of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag(u32);

impl Tag {
    pub(super) const fn new(generation: u32, turn: u16) -> Self {
        Self(generation << 16 | turn as u32)
    }

    /// A slot with this name and a count of zero.
    const fn empty(self) -> u64 {
        (self.0 as u64) << 32
    }

    const fn names(self, slot: u64) -> bool {
        slot >> 32 == self.0 as u64
    }
}

/// Bit 0.
const SETTLED: u64 = 1;
const PLACE: u32 = 1;
const PLACES: u64 = (1 << STAMP_TAG) - 1;
const STAMP_TAG: u32 = 32;

#[derive(Debug)]
pub(crate) struct Shards {
    /// The current bucket: bit 0 whether it is settled, bits 1..32 its place in the ring, bits 32..64 its tag.
    stamp: AtomicU64,
    start: AtomicU64,
    width: AtomicU64,
    own: [Padded<Shard>; SHARDS],
}

/// Tag and count, 32 bits each.
#[derive(Debug)]
struct Shard {
    slots: [AtomicU64; BUCKETS],
}

impl Shards {
    pub(super) fn new() -> Self {
        Self {
            stamp: AtomicU64::new(0),
            start: AtomicU64::new(0),
            width: AtomicU64::new(0),
            own: core::array::from_fn(|_| {
                Padded(Shard {
                    slots: core::array::from_fn(|_| AtomicU64::new(0)),
                })
            }),
        }
    }

    /// Counts a fast success of `generation`; false if it has to be counted under the lock.
    pub(in crate::breaker) fn count(&self, generation: u32, now: u64) -> bool {
        let stamp = self.stamp.load(Ordering::Acquire);
        let tag = Tag((stamp >> STAMP_TAG) as u32);
        if stamp & SETTLED == 0 || tag.0 >> 16 != generation & 0xffff {
            return false;
        }
        // Stepping back makes this large, too.
        let into = now.wrapping_sub(self.start.load(Ordering::Relaxed));
        if into >= self.width.load(Ordering::Relaxed) {
            return false;
        }
        let place = usize::try_from((stamp & PLACES) >> PLACE).unwrap_or(usize::MAX);
        let shard = self.own.get(thread_number() % SHARDS);
        shard
            .and_then(|shard| shard.0.slots.get(place))
            .is_some_and(|slot| bump(slot, tag))
    }

    /// Tells calls which bucket is the current one.
    pub(super) fn show(&self, tag: Tag, place: usize, start: u64, width: u64, settled: bool) {
        self.start.store(start, Ordering::Relaxed);
        self.width.store(width, Ordering::Relaxed);
        let stamp =
            (u64::from(tag.0) << STAMP_TAG) | ((place as u64) << PLACE) | u64::from(settled);
        // Release: who sees the bucket sees its start and its emptied slots.
        self.stamp.store(stamp, Ordering::Release);
    }

    /// Empties the slots at a place, names them, and gives what they had counted.
    pub(super) fn take(&self, place: usize, tag: Tag) -> u64 {
        self.slots(place)
            .map(|slot| slot.swap(tag.empty(), Ordering::Relaxed) & 0xffff_ffff)
            .sum()
    }

    pub(super) fn sum(&self, place: usize) -> u64 {
        self.slots(place)
            .map(|slot| slot.load(Ordering::Relaxed) & 0xffff_ffff)
            .sum()
    }

    fn slots(&self, place: usize) -> impl Iterator<Item = &AtomicU64> {
        self.own
            .iter()
            .filter_map(move |shard| shard.0.slots.get(place))
    }
}

/// Adds one to a slot if it still is of the bucket `tag`.
fn bump(slot: &AtomicU64, tag: Tag) -> bool {
    let mut seen = slot.load(Ordering::Relaxed);
    // A count that is full does not run over into the tag.
    while tag.names(seen) && tag.names(seen + 1) {
        match slot.compare_exchange_weak(seen, seen + 1, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return true,
            Err(now) => seen = now,
        }
    }
    false
}
