//! The only place of this package that reads a clock.
#![allow(clippy::disallowed_methods)] // this module is the seam that the rule points to

use std::time::Duration;

use tokio::time::Instant;

/// Measures time since it was made, on tokio's clock, which tests can pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts to measure.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since then.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
