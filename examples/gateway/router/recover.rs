//! What a start finds in the ledger, and makes of it before anybody is served.

use std::fmt;

use super::Router;
use crate::ledger::{Outcome, State};
use crate::protocol::{Body, Order};
use crate::terminal::Terminal;

/// What became of the orders that were not settled when the ledger was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Recovered {
    /// The terminal had executed them.
    pub(crate) executed: usize,
    /// The terminal does not know them; they may be sent again.
    pub(crate) released: usize,
    /// They had never been sent, and never will be.
    pub(crate) never_sent: usize,
    /// Nobody could say yet.
    pub(crate) unknown: usize,
}

impl fmt::Display for Recovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "orders found unsettled: {} executed, {} not executed, {} never sent, {} unknown",
            self.executed, self.released, self.never_sent, self.unknown
        )
    }
}

impl<T: Terminal> Router<T> {
    /// Settles what an earlier run left: asks the terminal about orders that were sent, and gives up those that were not.
    pub(crate) async fn recover(&self) -> Recovered {
        let mut recovered = Recovered::default();
        for entry in self.ledger.unsettled() {
            let Ok(order) = serde_json::from_slice::<Order>(&entry.payload) else {
                recovered.unknown += 1;
                continue;
            };
            let place = match self.recovered(&order, entry.state).await {
                Body::Filled(_) | Body::Partial(_) | Body::Placed(_) => &mut recovered.executed,
                Body::NotExecuted { .. } => &mut recovered.released,
                Body::Rejected { .. } => &mut recovered.never_sent,
                _ => &mut recovered.unknown,
            };
            *place += 1;
        }
        recovered
    }

    async fn recovered(&self, order: &Order, state: State) -> Body {
        if state != State::Reserved {
            return self.reconcile(order).await;
        }
        // Its client heard nothing, and may have given it up long ago: to send it now would be a surprise.
        let body = Body::Rejected {
            retcode: 0,
            message: "the gateway ended before the order was sent; send it under a new id"
                .to_owned(),
        };
        self.settle(order, Outcome::Rejected, body).await
    }
}
