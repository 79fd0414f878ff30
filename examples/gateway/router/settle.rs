//! An order's way through the ledger: on disk before it leaves, and until it is known what came of it.

use std::sync::atomic::AtomicBool;

use super::{Router, not_executed, not_registered, told};
use crate::clock;
use crate::ledger::{LedgerError, Outcome, State};
use crate::protocol::{Body, Order};
use crate::terminal::{Terminal, TerminalError};

impl<T: Terminal> Router<T> {
    /// Sends a registered order.
    pub(super) async fn send(&self, order: &Order) -> Body {
        let id = order.client_order_id.as_str();
        if let Err(refused) = self.ledger.mark_sent(id, clock::unix_millis()).await {
            return not_registered(&refused);
        }
        match self.execute_order(order, &AtomicBool::new(false)).await {
            Ok(executed) => {
                let body = Body::took(&executed.deal, executed.attempts, false);
                self.settle(order, Outcome::Done, body).await
            }
            Err(TerminalError::Refused(retcode)) => {
                let body = Body::Rejected {
                    retcode: retcode.0,
                    message: format!("rejected ({retcode})"),
                };
                self.settle(order, Outcome::Rejected, body).await
            }
            Err(error) if error.outcome_unknown() => self.reconcile(order).await,
            Err(error) => self.release(order, &error).await,
        }
    }

    /// Finds out at the terminal what became of an order that was sent.
    pub(super) async fn reconcile(&self, order: &Order) -> Body {
        match self.find_order(order.magic, &order.client_order_id).await {
            Ok(Some(deal)) => {
                let body = Body::took(&deal, 1, true);
                self.settle(order, Outcome::Done, body).await
            }
            // The trait's promise: what was handed over before is known to the terminal, or never will be.
            Ok(None) => {
                let unknown = not_executed("the terminal does not know this order");
                self.released(order, unknown).await
            }
            Err(error) => {
                let body = Body::Unknown {
                    message: format!("the terminal could not be asked: {}", told(&error)),
                    retry_after_ms: error.retry_after_ms(),
                };
                self.settle(order, Outcome::Unknown, body).await
            }
        }
    }

    /// Certainly not executed: it may come again.
    async fn release(&self, order: &Order, error: &TerminalError) -> Body {
        let body = Body::NotExecuted {
            message: told(error),
            retry_after_ms: error.retry_after_ms(),
        };
        self.released(order, body).await
    }

    async fn released(&self, order: &Order, body: Body) -> Body {
        let id = order.client_order_id.as_str();
        let saved = self.ledger.release(id, clock::unix_millis()).await;
        keep_going(id, saved.err().as_ref());
        body
    }

    /// Writes down what came of the order. What cannot be written is told all the same: the order stays SENT or UNKNOWN in
    /// the ledger, and whoever asks about it next has the terminal asked.
    pub(super) async fn settle(&self, order: &Order, outcome: Outcome, body: Body) -> Body {
        let id = order.client_order_id.as_str();
        let answer = serde_json::to_vec(&body).unwrap_or_default();
        if outcome == Outcome::Unknown && self.is_unknown(id) {
            return body;
        }
        let now = clock::unix_millis();
        let saved = self.ledger.settle(id, outcome, &answer, now).await;
        keep_going(id, saved.err().as_ref());
        body
    }

    fn is_unknown(&self, id: &str) -> bool {
        self.ledger.state(id) == Some(State::Unknown)
    }
}

pub(super) fn keep_going(id: &str, error: Option<&LedgerError>) {
    if let Some(error) = error {
        tracing::error!(target: "gateway", order = id, %error, "the ledger was not brought up to date");
    }
}
