//! What the ledger holds of an order.

use serde::{Deserialize, Serialize};

use crate::protocol::Order;

/// An order as its client wrote it, or as the terminal told it to a gateway that did not know it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Known {
    Adopted { adopted: Order },
    Sent(Order),
}

impl Known {
    /// What was written by [`payload`](Self::payload), if it was.
    pub(super) fn read(payload: &[u8]) -> Option<Self> {
        serde_json::from_slice(payload).ok()
    }

    pub(super) fn payload(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }

    pub(super) const fn order(&self) -> &Order {
        match self {
            Self::Adopted { adopted } => adopted,
            Self::Sent(order) => order,
        }
    }

    /// Whether the order that a client comes with is this one, although it is written differently: the terminal tells an
    /// order with the price at which it left.
    pub(super) fn may_be(&self, order: &Order) -> bool {
        let what = |order: &Order| (order.side, order.symbol.clone(), order.volume, order.magic);
        matches!(self, Self::Adopted { adopted } if what(adopted) == what(order))
    }
}
