//! What a client sent, and what it was told, in order.

use std::collections::BTreeMap;

use serde_json::Value;

/// What was asked about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To execute it, for the first time or again.
    Send,
    /// To execute another order under its id.
    SendOther,
    /// How it stands.
    Status,
}

/// One reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) order: String,
    pub(crate) asked: Asked,
    /// The reply without the request's id.
    pub(crate) reply: Value,
}

/// What a reply says about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    /// `FILLED`, `PARTIAL` or `PLACED`.
    Executed,
    Rejected,
    /// It may be sent again.
    NotExecuted,
    /// `UNKNOWN` or `IN_PROGRESS`: it is to be asked about.
    Open,
    /// `ERROR`, and whatever is no answer about an order.
    Other,
}

impl Says {
    pub(crate) fn of(reply: &Value) -> Self {
        match reply["status"].as_str() {
            Some("FILLED" | "PARTIAL" | "PLACED") => Self::Executed,
            Some("REJECTED") => Self::Rejected,
            Some("NOT_EXECUTED" | "NOT_FOUND") => Self::NotExecuted,
            Some("UNKNOWN" | "IN_PROGRESS") => Self::Open,
            _ => Self::Other,
        }
    }

    /// Whether `now` tells of an order that it waited, as `before` did, and was filled since.
    pub(crate) fn is_filled_since(before: &Value, now: &Value) -> bool {
        let filled = matches!(now["status"].as_str(), Some("FILLED" | "PARTIAL"));
        before["status"] == "PLACED" && filled && before["ticket"] == now["ticket"]
    }

    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Executed | Self::Rejected)
    }
}

/// Everything that clients sent and were told. Each order has one client, so what is told of it is in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Heard {
    /// The orders that left a client, by their ids.
    pub(crate) sent: BTreeMap<String, Value>,
    pub(crate) told: Vec<Told>,
    /// Requests whose client gave up waiting, or whose gateway was killed.
    pub(crate) without_reply: u64,
}

impl Heard {
    pub(crate) fn add(&mut self, other: Self) {
        self.sent.extend(other.sent);
        self.told.extend(other.told);
        self.without_reply += other.without_reply;
    }
}
