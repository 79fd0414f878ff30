//! When the orders that are not settled were last handed to the terminal.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Stopwatch;
use crate::protocol::Name;

/// The orders whose outcome may still be open.
#[derive(Debug)]
pub(super) struct Pending {
    since: Stopwatch,
    handed_over: Mutex<HashMap<Name, Duration>>,
}

impl Pending {
    pub(super) fn new() -> Self {
        Self {
            since: Stopwatch::start(),
            handed_over: Mutex::default(),
        }
    }

    /// The order leaves now.
    pub(super) fn handed_over(&self, id: &Name) {
        self.all().insert(id.clone(), self.since.elapsed());
    }

    /// Nothing can come of it any more.
    pub(super) fn settled(&self, id: &Name) {
        self.all().remove(id);
    }

    /// How long ago it was handed over; of one that an earlier run sent, how long this one has been there.
    pub(super) fn age(&self, id: &Name) -> Duration {
        let at = self.all().get(id).copied().unwrap_or_default();
        self.since.elapsed().saturating_sub(at)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Name, Duration>> {
        self.handed_over
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
