//! Requests that are in hand at the same time.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::run::reply;
use super::{Bench, arrives, asked, bench};
use crate::amount::Amount;
use crate::clock::Stopwatch;
use crate::ledger::{Ledger, Settings};
use crate::paper::{Fault, PaperTerminal, Schedule};
use crate::protocol::{Name, Order};
use crate::router::Router;
use crate::service::Service;
use crate::terminal::{Account, Deal, Holdings, Quote, Taken, Terminal, TerminalError};
use wait_or_die::testing;

pub(super) const PING: &[u8] = br#"{"id":"p","action":"PING"}"#;
pub(super) const SYNC: &[u8] =
    br#"{"id":"s","action":"SYNC_ALL","magic_number":202401,"timestamp":"2026-01-05T09:30:00Z"}"#;

pub(super) fn order(id: &str) -> Vec<u8> {
    let order = json!({"id": id, "action": "ORDER_SEND", "client_order_id": id, "type": "OP_BUY",
        "symbol": "EURUSD", "volume": "0.10", "price": "1.30", "magic": 202_401});
    serde_json::to_vec(&order).unwrap()
}

/// A router in front of this terminal, and where its ledger is.
pub(super) fn router_to<T: Terminal>(terminal: T) -> (Router<T>, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let (ledger, _) = Ledger::open(&directory.path().join("ledger"), Settings::default()).unwrap();
    (Router::new(terminal, Arc::new(ledger)), directory)
}

/// A terminal that keeps orders until it is opened, and then fills each of them at once.
pub(super) struct Held {
    paper: PaperTerminal,
    orders: watch::Sender<usize>,
    open: watch::Sender<bool>,
}

impl Held {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            paper: PaperTerminal::new(Schedule::healthy()),
            orders: watch::Sender::new(0),
            open: watch::Sender::new(false),
        })
    }

    /// Until it has been handed so many orders.
    pub(super) async fn holds(&self, orders: usize) {
        let mut held = self.orders.subscribe();
        held.wait_for(|held| *held == orders).await.unwrap();
    }

    /// How many it has been handed.
    pub(super) fn handed(&self) -> usize {
        *self.orders.borrow()
    }

    pub(super) fn open(&self) {
        self.open.send_replace(true);
    }
}

impl Terminal for Held {
    async fn send(&self, order: &Order, price: Amount) -> Result<Deal, TerminalError> {
        self.orders.send_modify(|orders| *orders += 1);
        let mut open = self.open.subscribe();
        open.wait_for(|open| *open).await.unwrap();
        Ok(Deal {
            ticket: 1,
            taken: Taken::Done,
            volume: order.volume,
            price,
        })
    }

    fn quote(&self, symbol: &Name) -> Option<Quote> {
        self.paper.quote(symbol)
    }

    fn settles_within(&self) -> Duration {
        self.paper.settles_within()
    }

    async fn find(&self, magic: u64, id: &Name) -> Result<Option<Deal>, TerminalError> {
        self.paper.find(magic, id).await
    }

    async fn history(&self) -> Result<Vec<(Order, Deal)>, TerminalError> {
        self.paper.history().await
    }

    async fn holdings(&self, magic: u64) -> Result<Holdings, TerminalError> {
        self.paper.holdings(magic).await
    }

    async fn account(&self) -> Result<Account, TerminalError> {
        self.paper.account().await
    }
}

fn status(reply: &Value) -> &str {
    reply["status"].as_str().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_order_that_waits_between_attempts_keeps_nobody_waiting() {
    let _scope = testing::scope(7);
    let Bench {
        link,
        mut side,
        events,
        _guard,
        ..
    } = bench();
    let terminal = Arc::new(PaperTerminal::new(Schedule::first(&[Fault::Refuse])));
    let (router, _directory) = router_to(Arc::clone(&terminal));
    let (_stop, stopped) = watch::channel(false);
    let service = tokio::spawn(Service::new(link, router).run(stopped));
    arrives(&side, 1, &order("o-1"), 1);
    while events.tallies().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(events.tallies()["terminal.execute_order"].retries, 1);
    let since = Stopwatch::start();
    arrives(&side, 2, PING, 1);
    let (to, pong) = reply(&mut side, Ok(())).await;
    assert_eq!((to, since.elapsed()), (2, Duration::ZERO), "{pong}");
    arrives(&side, 3, SYNC, 1);
    let (to, state) = reply(&mut side, Ok(())).await;
    // The terminal takes 8 ms to answer.
    assert_eq!((to, since.elapsed()), (3, Duration::from_millis(8)));
    assert_eq!((status(&state), terminal.calls()), ("OK", 2));
    let (to, filled) = reply(&mut side, Ok(())).await;
    assert_eq!((to, status(&filled)), (1, "FILLED"));
    assert_eq!((&filled["attempts"], terminal.calls()), (&json!(2), 3));
    service.abort();
}

#[tokio::test(start_paused = true)]
async fn two_orders_at_a_time_are_both_under_way() {
    let _scope = testing::scope(7);
    let Bench {
        link,
        mut side,
        _guard,
        ..
    } = bench();
    let terminal = Held::new();
    let (router, _directory) = router_to(Arc::clone(&terminal));
    let (_stop, stopped) = watch::channel(false);
    let service = tokio::spawn(Service::new(link, router).run(stopped));
    arrives(&side, 1, &order("o-1"), 1);
    arrives(&side, 2, &order("o-2"), 1);
    tokio::select! {
        biased;
        answered = asked(&mut side) => panic!("{answered:?} before the terminal has both"),
        () = terminal.holds(2) => terminal.open(),
    }
    let mut told = [
        reply(&mut side, Ok(())).await,
        reply(&mut side, Ok(())).await,
    ];
    told.sort_by_key(|(to, _)| *to);
    let told = told.each_ref().map(|(to, reply)| (*to, status(reply)));
    assert_eq!(told, [(1, "FILLED"), (2, "FILLED")]);
    assert_eq!(terminal.handed(), 2);
    service.abort();
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_is_not_taken_keeps_nobody_elses_waiting() {
    let Bench {
        link,
        mut side,
        _guard,
        ..
    } = bench();
    let (router, _directory) = super::router();
    let (_stop, stopped) = watch::channel(false);
    let service = tokio::spawn(Service::new(link, router).run(stopped));
    arrives(&side, 1, PING, 1);
    let (to, _) = reply(&mut side, Err(zmq::Error::EAGAIN)).await;
    assert_eq!(to, 1);
    let since = Stopwatch::start();
    arrives(&side, 2, PING, 1);
    let (to, _) = reply(&mut side, Ok(())).await;
    assert_eq!((to, since.elapsed()), (2, Duration::ZERO));
    let (to, _) = reply(&mut side, Ok(())).await;
    assert_eq!(to, 1);
    service.abort();
}
