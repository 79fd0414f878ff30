//! The last stretch of time, in buckets that leave whole.

use core::time::Duration;
use std::sync::Arc;

use super::shards::{BUCKETS, PARTS, Shards, Tag};
use super::{Entry, Tally};
use crate::breaker::ticks::{age, ticks};

/// A ring of buckets. What is counted under the lock is here, fast successes are in the shards.
#[derive(Debug)]
pub(crate) struct Buckets {
    shards: Arc<Shards>,
    generation: u32,
    /// When the current bucket began.
    start: u64,
    width: u64,
    /// Counts buckets, to name them.
    turn: u16,
    /// Where the current bucket is.
    place: usize,
    settled: bool,
    counts: [Tally; BUCKETS],
}

impl Buckets {
    pub(super) fn new(shards: Arc<Shards>, window: Duration, generation: u32, now: u64) -> Self {
        let mut buckets = Self {
            shards,
            generation,
            start: now,
            width: width(window),
            turn: 0,
            place: 0,
            settled: false,
            counts: [Tally::NONE; BUCKETS],
        };
        buckets.reset(generation, now);
        buckets
    }

    pub(super) fn reset(&mut self, generation: u32, now: u64) {
        self.generation = generation;
        self.start = now;
        self.take_all();
        self.counts = [Tally::NONE; BUCKETS];
        self.unsettle();
    }

    pub(super) fn push(&mut self, entry: Entry, now: u64) -> Tally {
        self.turn_to(now);
        if let Some(count) = self.counts.get_mut(self.place) {
            count.add(entry);
        }
        self.sum()
    }

    pub(super) fn tally(&mut self, now: u64) -> Tally {
        self.turn_to(now);
        self.sum()
    }

    pub(super) fn settle(&mut self, settled: bool) {
        if self.settled != settled {
            self.settled = settled;
            self.show();
        }
    }

    /// Puts what the old buckets hold into buckets of another width, by when each began.
    pub(super) fn resize(&mut self, window: Duration, now: u64) {
        self.turn_to(now);
        let old = core::mem::replace(&mut self.width, width(window));
        self.take_all();
        let counts = core::mem::replace(&mut self.counts, [Tally::NONE; BUCKETS]);
        for back in 0..BUCKETS {
            let ago = u128::from(old) * (back as u128) / u128::from(self.width);
            let ago = usize::try_from(ago).unwrap_or(BUCKETS);
            let from = counts.get(self.before(back));
            let into = (ago < BUCKETS).then(|| self.before(ago));
            let into = into.and_then(|place| self.counts.get_mut(place));
            if let (Some(from), Some(into)) = (from, into) {
                into.join(from);
            }
        }
        self.unsettle();
    }

    /// Lets the buckets leave whose time is over at `now`. A clock that steps back holds them up, but by no more than a
    /// window: after a longer step the current bucket starts anew.
    fn turn_to(&mut self, now: u64) {
        let ahead = age(now, self.start);
        if ahead > self.width.saturating_mul(BUCKETS as u64) {
            self.start = now;
            self.unsettle();
        }
        let turns = age(self.start, now) / self.width;
        if turns == 0 {
            return;
        }
        self.start = self.start.wrapping_add(turns * self.width);
        for _ in 0..turns.min(BUCKETS as u64) {
            self.turn = self.turn.wrapping_add(1);
            self.place = (self.place + 1) % BUCKETS;
            self.shards.take(self.place, self.tag());
            if let Some(count) = self.counts.get_mut(self.place) {
                *count = Tally::NONE;
            }
        }
        self.unsettle();
    }

    /// Moves what the shards have counted into the buckets, under a new name, so that whoever is late has to ask.
    fn take_all(&mut self) {
        self.turn = self.turn.wrapping_add(1);
        let tag = self.tag();
        for (place, count) in self.counts.iter_mut().enumerate() {
            count.calls += self.shards.take(place, tag);
        }
    }

    /// Another bucket, of which nothing is known yet.
    fn unsettle(&mut self) {
        self.settled = false;
        self.show();
    }

    fn show(&self) {
        let (start, width) = (self.start, self.width);
        self.shards
            .show(self.tag(), self.place, start, width, self.settled);
    }

    fn sum(&self) -> Tally {
        let mut sum = Tally::NONE;
        for (place, count) in self.counts.iter().enumerate() {
            sum.join(count);
            sum.calls += self.shards.sum(place);
        }
        sum
    }

    const fn tag(&self) -> Tag {
        Tag::new(self.generation, self.turn)
    }

    /// The place of the bucket so many before the current one.
    const fn before(&self, back: usize) -> usize {
        (self.place + BUCKETS - back) % BUCKETS
    }
}

/// The width of a bucket. Rounded up: the buckets before the current one must cover the whole window.
fn width(window: Duration) -> u64 {
    ticks(window).div_ceil(PARTS as u64).max(1)
}
