//! The demonstration: 200 orders through an outage of the terminal.

use std::process::ExitCode;
use std::sync::Arc;

use tokio::sync::watch;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::client::{Client, Outcome};
use crate::events::Events;
use crate::paper::{PaperTerminal, Schedule};
use crate::protocol::{Name, Order, Side};
use crate::render::Screen;
use crate::router::Router;
use crate::serve::{Failure, join, listen};
use crate::service::Service;
use crate::summary::{self, Summary};

/// How many orders are sent.
const ORDERS: u32 = 200;
/// The terminal's call that the outage begins with.
const OUTAGE_AT: u64 = 60;
/// In a pipe, progress is a line after every so many orders.
const REPORT_EVERY: u32 = 50;
/// Tells our orders from others at the terminal.
const MAGIC: u64 = 202_401;

pub(crate) async fn run(seed: u64) -> Result<ExitCode, Failure> {
    let screen = Screen::stdout();
    let events = Events::new(screen.clone());
    tracing_subscriber::registry()
        .with(events.clone())
        .try_init()?;

    let schedule = Schedule::seeded(seed, u64::from(ORDERS) * 2, OUTAGE_AT);
    let terminal = Arc::new(PaperTerminal::new(schedule));
    let listening = listen("tcp://127.0.0.1:*")?;
    screen.line(&format!(
        "gateway on {}; {ORDERS} orders, terminal faults from seed {seed}",
        listening.endpoint
    ));
    let (stop, stopped) = watch::channel(false);
    let service = Service::new(listening.link, Router::new(Arc::clone(&terminal)));
    let service = tokio::spawn(service.run(stopped));

    let summary = send_orders(&listening.endpoint, seed, &screen).await?;

    stop.send_replace(true);
    let replies = service.await??;
    join(listening.thread).await?;
    screen.event(&format!("service stopped after {replies} replies"));
    screen.line("");
    screen.line(&summary.table());
    screen.line(&summary::calls(&events.tallies()));
    Ok(verdict(&screen, &summary, &terminal.log()))
}

async fn send_orders(endpoint: &str, seed: u64, screen: &Screen) -> Result<Summary, Failure> {
    let mut client = Client::connect(endpoint)?;
    let mut random = fastrand::Rng::with_seed(seed);
    let mut summary = Summary::default();
    for number in 1..=ORDERS {
        let order = order(number, &mut random)?;
        screen.progress(&progress(number, &summary));
        let outcome = client.order(&order).await;
        summary.count(outcome);
        if let Some(told) = told(outcome) {
            screen.event(&format!("{}: {told}", order.client_order_id.as_str()));
        }
        if number % REPORT_EVERY == 0 && !screen.is_live() {
            screen.event(&progress(number, &summary));
        }
    }
    screen.end_progress();
    Ok(summary)
}

/// An order that anyone might place.
fn order(number: u32, random: &mut fastrand::Rng) -> Result<Order, Failure> {
    let side = if random.bool() { Side::Buy } else { Side::Sell };
    Ok(Order {
        client_order_id: Name::try_from(format!("order-{number}"))?,
        side,
        symbol: Name::try_from("EURUSD".to_owned())?,
        volume: format!("0.{:02}", random.u32(1..=50)).parse()?,
        price: format!("1.{:05}", random.u32(8_000..9_000)).parse()?,
        sl: None,
        tp: None,
        magic: MAGIC,
    })
}

fn progress(number: u32, summary: &Summary) -> String {
    format!(
        "order {number} of {ORDERS}: {} filled, {} rejected, {} not placed",
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
