//! The demonstration: 200 orders of three clients through an outage of the terminal, and a gateway that is killed.

mod crash;

use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::vec;

use tokio::sync::watch;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use wait_or_die::settings;

use crate::client::{Client, Outcome};
use crate::events::Events;
use crate::ledger::{Ledger, Settings};
use crate::paper::{Execution, PaperTerminal, Schedule};
use crate::protocol::{Name, Order, Side};
use crate::render::Screen;
use crate::router::Router;
use crate::serve::{Failure, join, listen};
use crate::service::Service;
use crate::summary::{self, Summary};

/// How many orders are sent. Three clients send them, each of them one at a time: when one order has found out
/// that the terminal is down, there are others to be turned away unasked.
const ORDERS: u32 = 200;
/// The terminal's call that the outage begins with.
const OUTAGE_AT: u64 = 60;
/// The terminal's faults are drawn call by call: one request at a time, so that each run tells the same story.
const AT_ONCE: u16 = 1;
/// In a pipe, progress is a line after every so many orders.
const REPORT_EVERY: u32 = 50;
/// Waits and a breaker for outages that are over in seconds, as those of the paper terminal are.
const PAPER: &str = include_str!("paper.json");
/// Tells our orders from others at the terminal.
const MAGIC: u64 = 202_401;

pub(crate) async fn run(seed: u64) -> Result<ExitCode, Failure> {
    let screen = Screen::stdout();
    let events = Events::new(screen.clone());
    tracing_subscriber::registry()
        .with(events.clone())
        .try_init()?;

    settings::apply(serde_json::from_str(PAPER)?)?;
    let schedule = Schedule::seeded(seed, u64::from(ORDERS) * 2, OUTAGE_AT);
    let terminal = Arc::new(PaperTerminal::new(schedule));
    let listening = listen("tcp://127.0.0.1:*", None, AT_ONCE)?;
    screen.line(&format!(
        "gateway on {}; {ORDERS} orders by three clients, terminal faults from seed {seed}",
        listening.endpoint
    ));
    let (stop, stopped) = watch::channel(false);
    let directory = tempfile::tempdir()?;
    let (ledger, _) = Ledger::open(&directory.path().join("ledger"), Settings::default())?;
    let router = Router::new(Arc::clone(&terminal), Arc::new(ledger));
    let service = Service::new(listening.link, router);
    let service = tokio::spawn(service.run(stopped));

    let summary = send_orders(&listening.endpoint, seed, &screen).await?;

    stop.send_replace(true);
    let served = service.await??;
    join(listening.thread).await?;
    screen.event(&format!("service stopped after {served}"));
    screen.line("");
    screen.line(&summary.table());
    screen.line(&summary::calls(&events.tallies()));
    screen.line(&summary::breakers(&events.breakers()));
    let executed: Vec<Name> = terminal.log().into_iter().map(client_order_id).collect();
    let code = verdict(&screen, &summary, &executed);
    crash::run(&screen).await?;
    Ok(code)
}

fn client_order_id(execution: Execution) -> Name {
    execution.order.client_order_id
}

async fn send_orders(endpoint: &str, seed: u64, screen: &Screen) -> Result<Summary, Failure> {
    let mut random = fastrand::Rng::with_seed(seed);
    let orders: Result<Vec<_>, _> = (1..=ORDERS).map(|n| order(n, &mut random)).collect();
    let desk = Desk {
        screen,
        open: Mutex::new(orders?.into_iter()),
        summary: Mutex::default(),
    };
    let connect = |number| Client::connect(number, endpoint);
    let (first, second, third) = (connect(1)?, connect(2)?, connect(3)?);
    tokio::join!(desk.work(first), desk.work(second), desk.work(third));
    screen.end_progress();
    let summary = *locked(&desk.summary);
    Ok(summary)
}

/// What the clients share: the orders that nobody has taken yet, and what became of the others.
struct Desk<'a> {
    screen: &'a Screen,
    open: Mutex<vec::IntoIter<Order>>,
    summary: Mutex<Summary>,
}

impl Desk<'_> {
    /// Sees one order after the other through, until none is left.
    async fn work(&self, mut client: Client) {
        while let Some(order) = self.next() {
            let outcome = client.order(&order).await;
            self.book(&order, outcome);
        }
    }

    fn next(&self) -> Option<Order> {
        locked(&self.open).next()
    }

    fn book(&self, order: &Order, outcome: Outcome) {
        let mut summary = locked(&self.summary);
        summary.count(outcome);
        if let Some(told) = told(outcome) {
            let line = format!("{}: {told}", order.client_order_id.as_str());
            self.screen.event(&line);
        }
        let progress = progress(&summary);
        self.screen.progress(&progress);
        if summary.total().is_multiple_of(REPORT_EVERY) && !self.screen.is_live() {
            self.screen.event(&progress);
        }
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An order that anyone might place.
fn order(number: u32, random: &mut fastrand::Rng) -> Result<Order, Failure> {
    let side = if random.bool() { Side::Buy } else { Side::Sell };
    Ok(Order {
        client_order_id: Name::try_from(format!("order-{number}"))?,
        side,
        symbol: Name::try_from("EURUSD".to_owned())?,
        volume: format!("0.{:02}", random.u32(1..=50)).parse()?,
        // Worse than the market's by more than that moves: it is filled at once, for the market's price.
        price: match side {
            Side::Buy => "1.12".parse()?,
            Side::Sell => "1.05".parse()?,
        },
        sl: None,
        tp: None,
        magic: MAGIC,
        deviation: None,
        valid_until: None,
    })
}

fn progress(summary: &Summary) -> String {
    format!(
        "{} of {ORDERS} orders: {} filled, {} rejected, {} not placed",
        summary.total(),
        summary.filled(),
        summary.rejected,
        summary.not_placed + summary.unknown
    )
}

/// What is worth a line; a fill at the first attempt is not.
fn told(outcome: Outcome) -> Option<String> {
    match outcome {
        Outcome::Filled {
            sent: 1,
            attempts: 1,
        } => None,
        Outcome::Filled { sent: 1, attempts } => Some(format!(
            "filled; the terminal took it at attempt {attempts}"
        )),
        Outcome::Filled { sent, attempts } => Some(format!(
            "filled; the client sent it {sent} times, the terminal then took it at attempt {attempts}"
        )),
        Outcome::Reconciled => {
            Some("filled; the terminal's answer was lost, asking settled it".to_owned())
        }
        Outcome::Rejected => Some("rejected by the terminal".to_owned()),
        Outcome::NotPlaced => Some("given up, certainly not executed".to_owned()),
        Outcome::Unknown => Some("given up, outcome unknown".to_owned()),
    }
}

/// Success if every order is in a known state and the terminal's own log agrees.
fn verdict(screen: &Screen, summary: &Summary, executed: &[Name]) -> ExitCode {
    let discrepancies = summary.discrepancies(ORDERS, executed);
    if discrepancies.is_empty() {
        screen.line(&format!(
            "the terminal's own log agrees: {} executions, none twice",
            executed.len()
        ));
        return ExitCode::SUCCESS;
    }
    for discrepancy in discrepancies {
        screen.line(&format!("does not add up: {discrepancy}"));
    }
    ExitCode::FAILURE
}
