//! From a request to its one reply.

mod active;
mod calls;
mod recover;
mod settle;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use wait_or_die::redact;

use crate::clock;
use crate::ledger::{Entry, Ledger, LedgerError, Registration, State};
use crate::protocol::{
    Action, Body, Facts, Name, Order, Portfolio, PositionView, Reply, Request, SyncRequest,
    Timestamp,
};
use crate::terminal::{Terminal, TerminalError};
use active::Active;
pub(crate) use recover::Recovered;

/// Answers requests by way of a terminal, and sees to it that no order is executed twice.
pub(crate) struct Router<T> {
    terminal: T,
    ledger: Arc<Ledger>,
    /// The orders that somebody here is at.
    active: Active,
}

impl<T: Terminal> Router<T> {
    pub(crate) fn new(terminal: T, ledger: Arc<Ledger>) -> Self {
        Self {
            terminal,
            ledger,
            active: Active::default(),
        }
    }

    /// The reply to `request`; always exactly one.
    pub(crate) async fn answer(&self, request: Request) -> Reply {
        let body = match &request.action {
            Action::Ping => Body::Ok(Box::default()),
            Action::OrderSend(order) => self.place(order).await,
            Action::OrderStatus(order) => self.status(&order.client_order_id).await,
            Action::Positions(magic) => self.open_positions(*magic).await,
            Action::Account => self.money().await,
            Action::SyncAll(sync) => self.sync_all(sync).await,
        };
        Reply {
            id: Some(request.id),
            body,
        }
    }

    /// Sends an order, unless its id says that this was done before.
    async fn place(&self, order: &Order) -> Body {
        let Ok(payload) = serde_json::to_vec(order) else {
            return error("the order cannot be written");
        };
        let id = &order.client_order_id;
        let Some(_at_it) = self.active.claim(id) else {
            return in_progress();
        };
        let now = clock::unix_millis();
        let registered = self
            .ledger
            .check_and_register(id.as_str(), &payload, now)
            .await;
        match registered {
            Ok(Registration::New | Registration::InProgress(State::Reserved)) => {
                self.send(order).await
            }
            Ok(Registration::Settled { answer, .. }) => stored(&answer),
            // Nobody here is at it, so whoever was has died: what became of it the terminal knows.
            Ok(Registration::InProgress(_)) => self.reconcile(order).await,
            Ok(Registration::OtherPayload) => {
                error("this client order id belongs to another order; write a new one")
            }
            Err(refused) => not_registered(&refused),
        }
    }

    /// How an order stands; one whose outcome is unknown is looked up.
    async fn status(&self, client_order_id: &Name) -> Body {
        let Some(_at_it) = self.active.claim(client_order_id) else {
            return in_progress();
        };
        let entry = match self.entry(client_order_id.as_str()).await {
            Ok(Some(entry)) => entry,
            Ok(None) => return not_executed("there is no such order"),
            Err(error) => {
                return Body::Unknown {
                    message: format!("the ledger could not be read: {error}"),
                    retry_after_ms: None,
                };
            }
        };
        match (entry.state, entry.answer) {
            (State::Done | State::Rejected, Some(answer)) => stored(&answer),
            (State::Reserved, _) => not_executed("the order was not sent"),
            _ => match serde_json::from_slice(&entry.payload) {
                Ok(order) => self.reconcile(&order).await,
                Err(_) => error("the ledger holds something that is no order under this id"),
            },
        }
    }

    /// The order in the ledger; one that is not in memory may have been registered by another process.
    async fn entry(&self, id: &str) -> Result<Option<Entry>, LedgerError> {
        if self.ledger.state(id).is_none() {
            self.ledger.refresh().await?;
        }
        Ok(self.ledger.get(id))
    }

    async fn open_positions(&self, magic: u64) -> Body {
        match self.positions(magic).await {
            Ok(positions) => Body::Ok(Box::new(Facts {
                positions: Some(positions.into_iter().map(PositionView::from).collect()),
                ..Facts::default()
            })),
            Err(error) => unavailable(&error),
        }
    }

    async fn money(&self) -> Body {
        match self.account().await {
            Ok(account) => Body::Ok(Box::new(Facts {
                account: Some(account.into()),
                ..Facts::default()
            })),
            Err(error) => unavailable(&error),
        }
    }

    async fn sync_all(&self, sync: &SyncRequest) -> Body {
        match self.portfolio(sync).await {
            Ok(portfolio) => {
                let part = if sync.is_partial() { " asked for" } else { "" };
                let count = portfolio.positions.len();
                Body::Ok(Box::new(
                    portfolio.facts(format!("{count} open positions{part}")),
                ))
            }
            Err(error) => unavailable(&error),
        }
    }

    async fn portfolio(&self, sync: &SyncRequest) -> Result<Portfolio, TerminalError> {
        let account = self.account().await?;
        let positions = self.positions(sync.magic_number).await?;
        let asked_for = positions.into_iter().filter(|position| {
            sync.asks_for(&position.symbol, Timestamp::from_millis(position.opened_at))
        });
        Ok(Portfolio {
            account: account.into(),
            positions: asked_for.map(PositionView::from).collect(),
            state_version: self.ledger.version(),
        })
    }
}

/// What was answered when the order was settled.
fn stored(answer: &[u8]) -> Body {
    serde_json::from_slice(answer)
        .unwrap_or_else(|_| error("the ledger holds something that is no answer under this id"))
}

fn error(message: &str) -> Body {
    Body::Error {
        message: message.to_owned(),
    }
}

fn in_progress() -> Body {
    Body::InProgress {
        message: "the order is being seen to; ask with ORDER_STATUS".to_owned(),
    }
}

fn not_executed(message: &str) -> Body {
    Body::NotExecuted {
        message: message.to_owned(),
        retry_after_ms: None,
    }
}

/// An order that is not on disk is not sent.
fn not_registered(refused: &LedgerError) -> Body {
    not_executed(&format!("the order was not taken: {refused}"))
}

fn unavailable(error: &TerminalError) -> Body {
    Body::Unavailable {
        message: told(error),
        retry_after_ms: error.retry_after_ms(),
    }
}

/// What a client hears of an error: nothing that is only for the gateway and the terminal.
fn told(error: &TerminalError) -> String {
    redact::filter(&error.to_string()).into_owned()
}
