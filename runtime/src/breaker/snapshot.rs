//! What can be seen of a breaker from outside.

use core::time::Duration;

use super::ticks::{Now, age};
use super::{Core, State};
use crate::sync::lock;

/// A breaker at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Snapshot {
    /// The state.
    pub state: State,
    /// Counts changes of state, modulo 2^26.
    pub generation: u32,
    /// Time since the state began.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::policy::text"))]
    pub since: Duration,
    /// For open: the time until a probe may pass; zero once it may. For half-open with every place taken: the longest
    /// time until a place falls free.
    #[cfg_attr(
        feature = "serde",
        serde(serialize_with = "crate::policy::optional_text")
    )]
    pub retry_in: Option<Duration>,
    /// Failures in a row, where those open the breaker.
    pub consecutive_failures: u32,
    /// Calls in the window; in half-open, results of probes.
    pub calls: u64,
    /// Failures among them.
    pub failures: u64,
    /// Slow calls among them.
    pub slow_calls: u64,
    /// Probes under way.
    pub probes: u32,
}

impl Core {
    /// What the breaker is like at `now`. Looking changes nothing: an open breaker whose recovery time is over stays
    /// open until somebody asks for a permit.
    pub fn snapshot(&self, now: impl Now) -> Snapshot {
        let now = now.ticks();
        let mut kept = lock(&self.kept);
        let word = self.hot.0.word();
        let state = word.state();
        let tally = match state {
            State::HalfOpen => *kept.trial.tally(),
            State::Closed | State::ForcedClosed => kept.window.tally(now),
            State::Open | State::ForcedOpen | State::Disabled => super::window::Tally::NONE,
        };
        kept.trial.expire(now);
        let left = match state {
            State::Open => Some(kept.wait.left(now)),
            State::HalfOpen if !kept.trial.has_place(&kept.policy) => {
                Some(self.show_places(&mut kept, now))
            }
            _ => None,
        };
        Snapshot {
            state,
            generation: word.generation(),
            since: Duration::from_nanos(age(kept.since, now)),
            retry_in: left.map(Duration::from_nanos),
            consecutive_failures: word.failures(),
            calls: tally.calls,
            failures: tally.failures,
            slow_calls: tally.slow,
            probes: kept.trial.probes(),
        }
    }
}
