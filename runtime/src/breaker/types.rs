//! What a breaker says and is told, as plain data.

use core::fmt;
use core::time::Duration;

use crate::Verdict;

/// The states of a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum State {
    /// Calls pass, and their outcomes count.
    Closed,
    /// Calls are refused until the recovery time is over.
    Open,
    /// A few calls pass to find out whether the dependency is well again.
    HalfOpen,
    /// Calls are refused until somebody says otherwise.
    ForcedOpen,
    /// Calls pass whatever their outcomes, which are counted all the same.
    ForcedClosed,
    /// Calls pass, and nothing is counted.
    Disabled,
}

impl State {
    /// The name, as events write it: `closed`, `open`, `half_open`, `forced_open`, `forced_closed` or `disabled`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
            Self::ForcedOpen => "forced_open",
            Self::ForcedClosed => "forced_closed",
            Self::Disabled => "disabled",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What became of a call, as far as a breaker cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The dependency answered, be it with a refusal of this very call.
    Success,
    /// The dependency is sick: an error, a panic, a time-out of ours.
    Failure,
    /// Says nothing about the dependency; a probe gives its place back.
    Ignore,
}

/// Transient and fault are failures, permanent is a success, throttled and ignore are ignored.
impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Transient | Verdict::Fault => Self::Failure,
            Verdict::Permanent => Self::Success,
            Verdict::Throttled(_) | Verdict::Ignore => Self::Ignore,
        }
    }
}

/// Why there is no permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the circuit breaker is {state}")]
#[non_exhaustive]
pub struct Refusal {
    /// [`Open`](State::Open), [`HalfOpen`](State::HalfOpen) with every place taken, or
    /// [`ForcedOpen`](State::ForcedOpen).
    pub state: State,
    /// The time after which a permit can be had.
    ///
    /// In half-open it is a bound: the oldest probe loses its place by then, and most often gives it back long before.
    /// None where only a hand can change it.
    pub retry_in: Option<Duration>,
}

/// Why the state changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Cause {
    /// `failure_threshold` failures in a row.
    FailureThreshold,
    /// The share of failures reached `failure_rate`.
    FailureRate,
    /// The share of slow calls reached `slow_call_rate`.
    SlowCallRate,
    /// The recovery time is over.
    Recovery,
    /// A probe failed.
    ProbeFailed,
    /// Enough probes succeeded.
    ProbesSucceeded,
    /// Somebody said so.
    Manual,
}

impl Cause {
    /// The cause as one lower-case word, as it stands in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FailureThreshold => "failure_threshold",
            Self::FailureRate => "failure_rate",
            Self::SlowCallRate => "slow_call_rate",
            Self::Recovery => "recovery",
            Self::ProbeFailed => "probe_failed",
            Self::ProbesSucceeded => "probes_succeeded",
            Self::Manual => "manual",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A change of state, as listeners get it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Transition {
    /// The state before.
    pub from: State,
    /// The state after.
    pub to: State,
    /// Why.
    pub cause: Cause,
    /// The generation that the new state began. It counts changes, and starts anew after 2^26.
    pub generation: u32,
    /// The tick at which it was asked for.
    pub at: u64,
    /// For [`Open`](State::Open): how long it will last.
    pub retry_in: Option<Duration>,
}
