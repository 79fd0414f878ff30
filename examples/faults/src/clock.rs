//! The only place of this library that reads a clock.
#![allow(clippy::disallowed_methods)] // this module is the seam that the rule points to

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// Tokio's clock, which tests can pause.
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The machine's calendar.
pub(crate) fn calendar() -> SystemTime {
    SystemTime::now()
}

/// When it was, and what date, when a server started. Both go on with tokio's clock from there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    at: Instant,
    date: SystemTime,
}

impl Start {
    /// Now; `date` stands in for the machine's.
    pub(crate) fn now(date: Option<SystemTime>) -> Self {
        Self {
            at: now(),
            date: date.unwrap_or_else(calendar),
        }
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.at.elapsed()
    }

    /// The date now; a date that no longer fits in is the one of the start.
    pub(crate) fn date(self) -> SystemTime {
        self.date.checked_add(self.elapsed()).unwrap_or(self.date)
    }
}
