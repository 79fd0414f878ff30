//! What rates look back on.

mod buckets;
mod ring;
mod shards;

use std::sync::Arc;

use super::hot::Hot;
use crate::policy::{self, BreakerPolicy};
use buckets::Buckets;
use ring::Ring;
pub(super) use shards::Shards;

/// What a window keeps of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) failure: bool,
    pub(super) slow: bool,
}

/// Calls, and how many of them failed or were slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) calls: u64,
    pub(super) failures: u64,
    pub(super) slow: u64,
}

impl Tally {
    pub(super) const NONE: Self = Self {
        calls: 0,
        failures: 0,
        slow: 0,
    };

    pub(super) fn add(&mut self, entry: Entry) {
        self.calls += 1;
        self.failures += u64::from(entry.failure);
        self.slow += u64::from(entry.slow);
    }

    fn remove(&mut self, entry: Entry) {
        self.calls -= 1;
        self.failures -= u64::from(entry.failure);
        self.slow -= u64::from(entry.slow);
    }

    fn join(&mut self, other: &Self) {
        self.calls += other.calls;
        self.failures += other.failures;
        self.slow += other.slow;
    }
}

/// The window that the settings ask for.
#[derive(Debug)]
pub(super) enum Window {
    /// Failures in a row are in the state word.
    Off,
    Calls(Ring),
    Time(Box<Buckets>),
}

impl Window {
    /// An empty window of the generation.
    pub(super) fn new(policy: &BreakerPolicy, hot: &Hot, generation: u32, now: u64) -> Self {
        match policy.window() {
            None => Self::Off,
            Some(policy::Window::Calls(calls)) => Self::Calls(Ring::new(calls)),
            Some(policy::Window::Time(time)) => {
                let shards = hot.shards.get_or_init(|| Arc::new(Shards::new()));
                let buckets = Buckets::new(Arc::clone(shards), time, generation, now);
                Self::Time(Box::new(buckets))
            }
        }
    }

    /// Counts a call; gives the counts with it.
    pub(super) fn push(&mut self, entry: Entry, now: u64) -> Tally {
        match self {
            Self::Off => Tally::NONE,
            Self::Calls(ring) => ring.push(entry),
            Self::Time(buckets) => buckets.push(entry, now),
        }
    }

    /// Counts a call where that takes no time to know; none if it does.
    pub(super) fn push_untimed(&mut self, entry: Entry) -> Option<Tally> {
        match self {
            Self::Off => Some(Tally::NONE),
            Self::Calls(ring) => Some(ring.push(entry)),
            Self::Time(_) => None,
        }
    }

    /// Whether fast successes can change no decision before the current bucket is over or something else is counted.
    pub(super) fn settle(&mut self, settled: bool) {
        if let Self::Time(buckets) = self {
            buckets.settle(settled);
        }
    }

    pub(super) fn tally(&mut self, now: u64) -> Tally {
        match self {
            Self::Off => Tally::NONE,
            Self::Calls(ring) => ring.tally(),
            Self::Time(buckets) => buckets.tally(now),
        }
    }

    /// Forgets everything; counts for the generation from now on.
    pub(super) fn reset(&mut self, generation: u32, now: u64) {
        match self {
            Self::Off => {}
            Self::Calls(ring) => ring.clear(),
            Self::Time(buckets) => buckets.reset(generation, now),
        }
    }

    /// Takes over new settings. A window of the same kind keeps what fits in it; one of another kind starts empty, for
    /// a number of calls says nothing about times, nor the reverse.
    pub(super) fn adapt(&mut self, policy: &BreakerPolicy, hot: &Hot, generation: u32, now: u64) {
        match (&mut *self, policy.window()) {
            (Self::Calls(ring), Some(policy::Window::Calls(calls))) => ring.resize(calls),
            (Self::Time(buckets), Some(policy::Window::Time(time))) => buckets.resize(time, now),
            _ => {
                self.settle(false);
                *self = Self::new(policy, hot, generation, now);
            }
        }
    }
}
