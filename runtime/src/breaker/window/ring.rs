//! The last so many calls, exactly: one ring, a byte per call.

use super::{Entry, Tally};

const FAILURE: u8 = 1;
const SLOW: u8 = 2;

#[derive(Debug)]
pub(crate) struct Ring {
    slots: Vec<u8>,
    capacity: usize,
    /// Where the oldest entry is once the ring is full.
    oldest: usize,
    tally: Tally,
}

impl Ring {
    pub(super) fn new(calls: u32) -> Self {
        let capacity = usize::try_from(calls).unwrap_or(usize::MAX).max(1);
        Self {
            slots: Vec::with_capacity(capacity),
            capacity,
            oldest: 0,
            tally: Tally::NONE,
        }
    }

    pub(super) fn push(&mut self, entry: Entry) -> Tally {
        if self.slots.len() < self.capacity {
            self.slots.push(encode(entry));
        } else if let Some(slot) = self.slots.get_mut(self.oldest) {
            self.tally.remove(decode(*slot));
            *slot = encode(entry);
            self.oldest += 1;
            if self.oldest == self.capacity {
                self.oldest = 0;
            }
        }
        self.tally.add(entry);
        self.tally
    }

    pub(super) const fn tally(&self) -> Tally {
        self.tally
    }

    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.oldest = 0;
        self.tally = Tally::NONE;
    }

    /// Keeps the newest calls that fit.
    pub(super) fn resize(&mut self, calls: u32) {
        let mut resized = Self::new(calls);
        let (newer, older) = self.slots.split_at(self.oldest);
        for slot in older.iter().chain(newer) {
            resized.push(decode(*slot));
        }
        *self = resized;
    }
}

const fn encode(entry: Entry) -> u8 {
    (if entry.failure { FAILURE } else { 0 }) | (if entry.slow { SLOW } else { 0 })
}

const fn decode(slot: u8) -> Entry {
    Entry {
        failure: slot & FAILURE != 0,
        slow: slot & SLOW != 0,
    }
}
