//! Behaviour across crates. The pages of the guide are compiled and run here, as documentation tests.

pub mod allocations;
pub mod encodings;
pub mod events;

use std::io;

use tokio::time::Instant;

#[doc = include_str!("../../README.md")]
mod readme {}

#[doc = include_str!("../../docs/guide.md")]
mod guide {}

#[doc = include_str!("../../docs/breaker.md")]
mod breaker {}

#[doc = include_str!("../../docs/settings.md")]
mod settings {}

#[doc = include_str!("../../docs/halt.md")]
mod halt {}

#[doc = include_str!("../../docs/http.md")]
mod http {}

#[doc = include_str!("../../docs/redaction.md")]
mod redaction {}

#[doc = include_str!("../../docs/integration-guide.md")]
mod integration {}

/// An error that is worth another attempt.
pub fn refused() -> io::Error {
    io::ErrorKind::ConnectionRefused.into()
}

/// The instant of tokio's clock, which the tests pause.
#[allow(clippy::disallowed_methods)] // reading it is what they are about
pub fn now() -> Instant {
    Instant::now()
}

/// When each attempt started, in milliseconds of the paused clock.
#[derive(Debug)]
pub struct Starts {
    zero: Instant,
    /// One entry for each attempt.
    pub at: Vec<u128>,
}

impl Starts {
    /// Counts from now.
    pub fn new() -> Self {
        Self {
            zero: now(),
            at: Vec::new(),
        }
    }

    /// An attempt starts.
    pub fn mark(&mut self) {
        self.at.push(self.elapsed());
    }

    /// Milliseconds since `new`.
    pub fn elapsed(&self) -> u128 {
        now().duration_since(self.zero).as_millis()
    }
}

impl Default for Starts {
    fn default() -> Self {
        Self::new()
    }
}
