//! An order's states, and what leads from one to the next. Pure.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum State {
    /// Registered; certainly not handed to the terminal since.
    Reserved,
    /// Handed to the terminal, or about to be: it may have been executed.
    Sent,
    /// Executed. Final; what is answered may become more.
    Done,
    /// Certainly not executed, and never will be. Final.
    Rejected,
    /// The terminal was asked in vain: whether it was executed is to be found out.
    Unknown,
}

impl State {
    /// Whether no event leads out of it.
    pub(crate) const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Rejected)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reserved => "RESERVED",
            Self::Sent => "SENT",
            Self::Done => "DONE",
            Self::Rejected => "REJECTED",
            Self::Unknown => "UNKNOWN",
        })
    }
}

/// What has become of an order that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Outcome {
    /// It was executed.
    Done,
    /// It certainly was not executed, and is not to be sent again.
    Rejected,
    /// Nobody knows yet; the terminal has to be asked again.
    Unknown,
}

impl From<Outcome> for State {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::Done,
            Outcome::Rejected => Self::Rejected,
            Outcome::Unknown => Self::Unknown,
        }
    }
}

/// An order as the ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The client order id.
    pub(crate) id: String,
    /// What was registered under it.
    pub(crate) payload: Vec<u8>,
    pub(crate) state: State,
    /// What was given with the outcome, for the states DONE, REJECTED and UNKNOWN.
    pub(crate) answer: Option<Vec<u8>>,
    /// In milliseconds since 1970, as the caller gave it.
    pub(crate) registered_at: u64,
    /// Since when it has been in its state, likewise.
    pub(crate) changed_at: u64,
}

/// One change to one order, as it is written to the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) id: Box<str>,
    /// In milliseconds since 1970.
    pub(super) at: u64,
    pub(super) kind: Kind,
}

/// The order of the variants is part of the file format: new ones go to the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    Registered {
        payload: Box<[u8]>,
    },
    Sent,
    /// Certainly not executed; it may be sent again.
    Released,
    Settled {
        outcome: Outcome,
        answer: Box<[u8]>,
    },
    /// The whole entry, in a checkpoint or adopted; `at` is when it was changed last.
    Kept {
        payload: Box<[u8]>,
        state: State,
        answer: Option<Box<[u8]>>,
        registered_at: u64,
    },
}

impl Kind {
    /// Where it leads from `state`; `None` if it may not happen there.
    pub(super) fn leads_from(&self, state: State) -> Option<State> {
        match (state, self) {
            (State::Reserved, Self::Sent) => Some(State::Sent),
            (State::Sent | State::Unknown, Self::Released) => Some(State::Reserved),
            (State::Reserved, Self::Settled { outcome, .. }) => {
                (*outcome == Outcome::Rejected).then_some(State::Rejected)
            }
            (State::Sent, Self::Settled { outcome, .. }) => Some(State::from(*outcome)),
            (State::Unknown, Self::Settled { outcome, .. }) => {
                (*outcome != Outcome::Unknown).then_some(State::from(*outcome))
            }
            // What waited has been filled: the same state with another answer.
            (State::Done, Self::Settled { outcome, .. }) => {
                (*outcome == Outcome::Done).then_some(State::Done)
            }
            _ => None,
        }
    }

    /// What would have become of the order, for messages.
    pub(super) fn becomes(&self) -> &'static str {
        match self {
            Self::Registered { .. } => "registered",
            Self::Sent => "sent",
            Self::Released => "released",
            Self::Settled { outcome, .. } => match outcome {
                Outcome::Done => "settled as DONE",
                Outcome::Rejected => "settled as REJECTED",
                Outcome::Unknown => "settled as UNKNOWN",
            },
            Self::Kept { .. } => "kept",
        }
    }
}
