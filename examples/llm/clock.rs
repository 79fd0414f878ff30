//! The only place of this program that reads a clock.
#![allow(clippy::disallowed_methods)] // this module is the seam that the rule points to

use std::time::Duration;

use tokio::time::Instant;

/// Measures time since it was made, on tokio's clock, which tests can pause.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
