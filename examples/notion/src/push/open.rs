//! Requests without an answer, which Notion may still carry out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::api::REQUEST_TIMEOUT;
use crate::clock::Stopwatch;

/// How long Notion needs, as far as is assumed, until it tells what it has done. It does not say.
pub(super) const TELLS_WITHIN: Duration = Duration::from_secs(2);

/// A request that was sent, and not answered by whoever carries it out.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenRequest {
    since: Stopwatch,
    settles_after: Duration,
}

impl OpenRequest {
    /// One that is sent now. Notion gives up on a request after 60 s, and this client a little later: what is not done then is
    /// not done any more.
    pub(super) fn sent() -> Self {
        Self {
            since: Stopwatch::start(),
            settles_after: REQUEST_TIMEOUT.saturating_add(TELLS_WITHIN),
        }
    }

    /// The same, and it is known by now that nobody works on it any more.
    pub(super) fn ended(mut self) -> Self {
        self.settles_after = self.since.elapsed().saturating_add(TELLS_WITHIN);
        self
    }

    /// The time until what is seen of it is all that comes of it.
    pub(super) fn remaining(self) -> Duration {
        self.settles_after.saturating_sub(self.since.elapsed())
    }
}

/// The creations of one client that are open, by what they would create. They outlive the calls that sent them: a call may end
/// by its deadline, or be given up, and the next one has to know.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenCreations(Arc<Mutex<HashMap<String, OpenRequest>>>);

impl OpenCreations {
    pub(super) fn set(&self, page: &str, request: OpenRequest) {
        let mut open = self.locked();
        // Nobody asks for those any more: without this the map would grow for ever.
        open.retain(|_, request| !request.remaining().is_zero());
        open.insert(page.to_owned(), request);
    }

    pub(super) fn close(&self, page: &str) {
        self.locked().remove(page);
    }

    /// None if there is no such creation, or if all has been seen that comes of it.
    pub(super) fn remaining(&self, page: &str) -> Option<Duration> {
        let remaining = self.locked().get(page)?.remaining();
        (!remaining.is_zero()).then_some(remaining)
    }

    /// Nothing that is held under the lock can be left half done.
    fn locked(&self) -> MutexGuard<'_, HashMap<String, OpenRequest>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
