//! From a request to its one reply.

mod active;
mod calls;
mod known;
mod pending;
mod recover;
mod settle;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use wait_or_die::redact;

use crate::clock;
use crate::ledger::{Entry, Ledger, LedgerError, Outcome, Registration, State};
use crate::protocol::{
    Action, Body, Facts, Name, Order, Portfolio, PositionView, Reply, Request, SyncRequest,
    Timestamp,
};
use crate::terminal::{Holdings, Taken, Terminal, TerminalError};
use active::Active;
use known::Known;
use pending::Pending;
pub(crate) use recover::Recovered;

/// Answers requests by way of a terminal, and sees to it that no order is executed twice.
pub(crate) struct Router<T> {
    terminal: T,
    ledger: Arc<Ledger>,
    /// The orders that somebody here is at.
    active: Active,
    pending: Pending,
}

impl<T: Terminal> Router<T> {
    pub(crate) fn new(terminal: T, ledger: Arc<Ledger>) -> Self {
        Self {
            terminal,
            ledger,
            active: Active::default(),
            pending: Pending::new(),
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
        let Ok(payload) = Known::Sent(order.clone()).payload() else {
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
        // An order that is known already may have been executed, whether or not the disk can be used now.
        let known = || self.ledger.registration(id.as_str(), &payload);
        match registered.or_else(|refused| known().ok_or(refused)) {
            Ok(Registration::New | Registration::InProgress(State::Reserved)) => {
                self.send(order).await
            }
            Ok(Registration::Settled { answer, .. }) => self.present(order, stored(&answer)).await,
            // Nobody here is at it, so whoever was has died: what became of it the terminal knows.
            Ok(Registration::InProgress(_)) => self.reconcile(order).await,
            Ok(Registration::OtherPayload) => self.other(order).await,
            Err(refused) => not_registered(&refused),
        }
    }

    /// How an order stands; one whose outcome is unknown is looked up.
    async fn status(&self, client_order_id: &Name) -> Body {
        // What is settled can be told to many at a time.
        let known = self.ledger.get(client_order_id.as_str());
        if let Some(entry) = known.filter(|entry| entry.state.is_final()) {
            return self.standing(entry).await;
        }
        let Some(_at_it) = self.active.claim(client_order_id) else {
            return in_progress();
        };
        let entry = match self.entry(client_order_id.as_str()).await {
            Ok(Some(entry)) => entry,
            Ok(None) => return not_found(),
            Err(error) => {
                return unknown(&format!("the ledger could not be read: {error}"));
            }
        };
        self.standing(entry).await
    }

    /// How an order stands that nobody else here is at, or that is settled.
    async fn standing(&self, entry: Entry) -> Body {
        let Some(known) = Known::read(&entry.payload) else {
            return unknown("the ledger holds something that is no order under this id");
        };
        match (entry.state, entry.answer) {
            (State::Done | State::Rejected, Some(answer)) => {
                self.present(known.order(), stored(&answer)).await
            }
            (State::Reserved, _) => not_executed("the order was not sent"),
            _ => self.reconcile(known.order()).await,
        }
    }

    /// What is told of an order whose id another one has.
    async fn other(&self, order: &Order) -> Body {
        let entry = self.ledger.get(order.client_order_id.as_str());
        let adopted = entry
            .filter(|entry| Known::read(&entry.payload).is_some_and(|known| known.may_be(order)));
        match adopted.and_then(|entry| entry.answer) {
            Some(answer) => self.present(order, stored(&answer)).await,
            None => error("this client order id belongs to another order; write a new one"),
        }
    }

    /// An order that waits may have been filled since.
    async fn present(&self, order: &Order, answer: Body) -> Body {
        if !matches!(answer, Body::Placed(_)) {
            return answer;
        }
        let id = &order.client_order_id;
        match self.find_order(order.magic, id).await {
            Ok(Some(deal)) if deal.taken != Taken::Placed => {
                let filled = Body::took(&deal, 1, true);
                self.settled(id, Outcome::Done, filled).await
            }
            // As it was when it was last heard of, by whoever asked meanwhile.
            Ok(_) | Err(_) => {
                let entry = self.ledger.get(id.as_str());
                let latest = entry.and_then(|entry| entry.answer);
                latest.map_or(answer, |answer| stored(&answer))
            }
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
        match self.holdings(magic).await {
            Ok(Holdings { positions, .. }) => Body::Ok(Box::new(Facts {
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
        let held = self.holdings(sync.magic_number).await?;
        let asked_for = held.positions.into_iter().filter(|position| {
            sync.asks_for(&position.symbol, Timestamp::from_millis(position.opened_at))
        });
        Ok(Portfolio {
            account: held.account.into(),
            positions: asked_for.map(PositionView::from).collect(),
            state_version: held.version,
        })
    }
}

/// What was answered when the order was settled.
fn stored(answer: &[u8]) -> Body {
    serde_json::from_slice(answer)
        .unwrap_or_else(|_| unknown("the ledger holds something that is no answer under this id"))
}

fn unknown(message: &str) -> Body {
    Body::Unknown {
        message: message.to_owned(),
        retry_after_ms: None,
    }
}

fn not_found() -> Body {
    Body::NotFound {
        message: "the gateway has not heard of this order, which may be on its way; send it again under the same id"
            .to_owned(),
    }
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
