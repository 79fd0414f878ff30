//! A retry that has been paid for and has not started.

use super::Budget;
use super::bucket::Source;
use crate::clock::Instant;

/// A retry that is paid for and sleeps; see [`Budget::withdraw`].
///
/// It counts for as long as it sleeps, longer than the memory if need be. Dropping it gives back what was paid: a
/// caller that is cancelled in its wait adds no load.
#[must_use = "dropping it gives the retry back; call `start` when the retry starts"]
#[derive(Debug)]
pub struct Withdrawal {
    budget: Budget,
    source: Option<Source>,
}

impl Withdrawal {
    pub(super) const fn new(budget: Budget, source: Source) -> Self {
        Self {
            budget,
            source: Some(source),
        }
    }

    /// The wait is over and the retry starts.
    pub fn start(mut self, now: Instant) {
        if let Some(source) = self.source.take() {
            self.budget.0.ledger.wake(self.budget.nanos(now), source);
        }
    }
}

impl Drop for Withdrawal {
    fn drop(&mut self) {
        if let Some(source) = self.source.take() {
            self.budget.0.ledger.give_back(source);
        }
    }
}
