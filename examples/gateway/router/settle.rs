//! An order's way through the ledger: on disk before it leaves, and until it is known what came of it.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::{Router, in_progress, not_executed, not_registered, told};
use crate::clock;
use crate::ledger::{LedgerError, Outcome, State};
use crate::protocol::{Body, Name, Order};
use crate::terminal::{Terminal, TerminalError, whole_millis};

impl<T: Terminal> Router<T> {
    /// Sends a registered order.
    pub(super) async fn send(&self, order: &Order) -> Body {
        let id = &order.client_order_id;
        match self
            .ledger
            .mark_sent(id.as_str(), clock::unix_millis())
            .await
        {
            Ok(()) => {}
            // Another process that has the ledger open was faster.
            Err(LedgerError::Transition { .. }) => return in_progress(),
            Err(refused) => return not_registered(&refused),
        }
        match self.execute_order(order, &AtomicBool::new(false)).await {
            Ok(executed) => {
                let body = Body::took(&executed.deal, executed.attempts, false);
                self.settled(id, Outcome::Done, body).await
            }
            Err(TerminalError::Refused(retcode)) => {
                self.refused(id, retcode.0, format!("rejected ({retcode})"))
                    .await
            }
            Err(error @ TerminalError::TooLate) => self.refused(id, 0, told(&error)).await,
            Err(error) if error.outcome_unknown() => self.reconcile(order).await,
            Err(error) => self.release(id, &error).await,
        }
    }

    /// Finds out at the terminal what became of an order that was sent.
    pub(super) async fn reconcile(&self, order: &Order) -> Body {
        let id = &order.client_order_id;
        // Before the question: the terminal may have looked at any time since, however late its answer is.
        let wait = self.open_for(id);
        match self.find_order(order.magic, id).await {
            Ok(Some(deal)) => {
                let body = Body::took(&deal, 1, true);
                self.settled(id, Outcome::Done, body).await
            }
            // The trait's promise: when it was asked, the terminal would have known it.
            Ok(None) if wait.is_zero() => {
                let unknown = not_executed("the terminal does not know this order");
                self.released(id, unknown).await
            }
            Ok(None) => {
                let message = "the terminal does not know this order yet".to_owned();
                self.unknown(id, message, Some(whole_millis(wait))).await
            }
            Err(error) => {
                let message = format!("the terminal could not be asked: {}", told(&error));
                self.unknown(id, message, error.retry_after_ms()).await
            }
        }
    }

    /// How long the order may still be under way.
    fn open_for(&self, id: &Name) -> Duration {
        self.terminal
            .settles_within()
            .saturating_sub(self.pending.age(id))
    }

    /// Certainly not executed: it may come again.
    async fn release(&self, id: &Name, error: &TerminalError) -> Body {
        let body = Body::NotExecuted {
            message: told(error),
            retry_after_ms: error.retry_after_ms(),
        };
        self.released(id, body).await
    }

    async fn released(&self, id: &Name, body: Body) -> Body {
        let saved = self.ledger.release(id.as_str(), clock::unix_millis()).await;
        if let Err(error) = saved {
            not_written(id, &error);
        } else {
            self.pending.settled(id);
        }
        body
    }

    async fn unknown(&self, id: &Name, message: String, retry_after_ms: Option<u64>) -> Body {
        let body = Body::Unknown {
            message,
            retry_after_ms,
        };
        if self.ledger.state(id.as_str()) != Some(State::Unknown) {
            self.write(id, Outcome::Unknown, &body).await;
        }
        body
    }

    /// Executed: told also where it cannot be written. The order stays SENT in the ledger then, and whoever asks about it
    /// next has the terminal asked.
    pub(super) async fn settled(&self, id: &Name, outcome: Outcome, body: Body) -> Body {
        self.write(id, outcome, &body).await;
        body
    }

    /// Not executed, and never to be: what cannot be kept is not promised.
    async fn refused(&self, id: &Name, retcode: u32, message: String) -> Body {
        let rejected = Body::Rejected { retcode, message };
        if self.write(id, Outcome::Rejected, &rejected).await {
            return rejected;
        }
        not_executed("the terminal turned it down, and that could not be written")
    }

    /// Whether it was saved.
    async fn write(&self, id: &Name, outcome: Outcome, body: &Body) -> bool {
        let saved = self.save(id, outcome, body).await;
        saved.inspect_err(|error| not_written(id, error)).is_ok()
    }

    pub(super) async fn save(
        &self,
        id: &Name,
        outcome: Outcome,
        body: &Body,
    ) -> Result<(), LedgerError> {
        let answer = serde_json::to_vec(body).unwrap_or_default();
        let now = clock::unix_millis();
        self.ledger
            .settle(id.as_str(), outcome, &answer, now)
            .await?;
        if outcome != Outcome::Unknown {
            self.pending.settled(id);
        }
        Ok(())
    }
}

fn not_written(id: &Name, error: &LedgerError) {
    let id = id.as_str();
    tracing::error!(target: "gateway", order = id, %error, "the ledger was not brought up to date");
}
