//! What a run came to.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::ledger::State;
use crate::paper::Execution;
use crate::protocol::{Body, Name};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Send,
    /// Sent a second time while the first one is under way.
    Twice,
    /// Another order under the same id.
    SendOther,
    Status,
}

/// What the client knows of an order.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Known {
    NotExecuted,
    Unsure,
    Answered(Body),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Traded {
    pub(super) id: Name,
    pub(super) known: Known,
    /// Neither sent nor asked about before.
    pub(super) not_before: Duration,
    /// Where it stands in the ledger at the end.
    pub(super) kept: Option<State>,
}

/// One reply, or that there was none: when it came, and how often the terminal had been called.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    pub(super) order: usize,
    pub(super) asked: Asked,
    pub(super) body: Option<Body>,
    pub(super) at: Duration,
    pub(super) calls: u64,
}

/// What a run came to.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Run {
    pub(super) orders: Vec<Traded>,
    pub(super) told: Vec<Told>,
    pub(super) log: Vec<Execution>,
    pub(super) starts: usize,
    /// Orders that a start found SENT or UNKNOWN: executed, and not.
    pub(super) found: [usize; 2],
}

impl Run {
    /// So many of each kind of reply, by its name on the wire; `none` for those that there were none of.
    fn replies(&self) -> BTreeMap<&'static str, usize> {
        let mut replies = BTreeMap::new();
        for told in &self.told {
            let name = match &told.body {
                Some(Body::Filled(took) | Body::Partial(took) | Body::Placed(took)) => {
                    if took.reconciled {
                        "RECONCILED"
                    } else {
                        "EXECUTED"
                    }
                }
                Some(Body::Rejected { .. }) => "REJECTED",
                Some(Body::NotExecuted { .. } | Body::NotFound { .. }) => "NOT_EXECUTED",
                Some(Body::Unknown { .. }) => "UNKNOWN",
                Some(Body::InProgress { .. }) => "IN_PROGRESS",
                Some(Body::Error { .. }) => "ERROR",
                Some(_) => "OTHER",
                None => "none",
            };
            *replies.entry(name).or_default() += 1;
        }
        replies
    }

    /// Not a run in which little happened: far below what any seed comes to.
    pub(super) fn met_what_it_is_for(&self) {
        let replies = self.replies();
        for (reply, least) in [
            ("EXECUTED", 5_000),
            ("RECONCILED", 1_000),
            ("REJECTED", 500),
            ("NOT_EXECUTED", 1_000),
            ("UNKNOWN", 20),
            ("IN_PROGRESS", 100),
            ("ERROR", 100),
            ("none", 5),
        ] {
            let count = replies.get(reply).copied().unwrap_or(0);
            assert!(count >= least, "{count} {reply}: {replies:?}");
        }
        assert!(!replies.contains_key("OTHER"), "{replies:?}");
        let found = (self.starts, self.found);
        assert!(
            self.starts > 5 && self.found.iter().min() > Some(&1),
            "{found:?}"
        );
    }
}
