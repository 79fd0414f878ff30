//! Breakers with a name, as a program without attributes uses them.
#![cfg(not(loom))]

#[path = "breaker_named/calls.rs"]
mod calls;
#[path = "breaker_named/events.rs"]
mod events;
#[path = "breaker_named/lines.rs"]
mod lines;
#[path = "breaker_named/listeners.rs"]
mod listeners;
#[path = "breaker_named/names.rs"]
mod names;

use std::time::Duration;

use wait_or_die::{BreakerPolicy, Classify, Error, Verdict};

/// An error of a body, or of the breaker.
#[derive(Debug, PartialEq)]
enum Failed {
    Body(Verdict),
    Breaker(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Breaker(error)
    }
}

impl Classify for Failed {
    fn classify(&self) -> Verdict {
        match self {
            Self::Body(verdict) => *verdict,
            Self::Breaker(error) => error.classify(),
        }
    }
}

const fn threshold(failures: u32) -> BreakerPolicy {
    BreakerPolicy::new().with_failure_threshold(failures)
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
