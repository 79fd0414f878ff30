//! The last part of the demonstration: a gateway that is killed while an order is under way, and the one after it.

use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::MAGIC;
use crate::client::{Client, Outcome};
use crate::paper::{PaperTerminal, Schedule};
use crate::protocol::{Name, Order, Side};
use crate::render::Screen;
use crate::serve::Failure;

/// Orders that go well before the one that the end comes upon.
const BEFORE: u64 = 2;
/// What the terminal does with the last order, as the gateway prints it.
const LOST: &str = "terminal executes and loses its answer";
/// What precedes the address where a gateway listens.
const LISTENING: &str = "listening on ";

/// Kills a gateway at the worst moment, starts another one, and comes again with the same order.
///
/// # Errors
/// A gateway could not be started, or what came of the orders is not what should have.
pub(super) async fn run(screen: &Screen) -> Result<(), Failure> {
    let data = tempfile::tempdir()?;
    screen.line("");
    screen.event("another gateway, in a process of its own");
    let last = order(BEFORE + 1)?;
    let mut first = Gateway::start(data.path(), true, screen).await?;
    let mut client = Client::connect(4, &first.endpoint)?;
    for number in 1..=BEFORE {
        expect(
            client.order(&order(number)?).await,
            Outcome::Filled {
                sent: 1,
                attempts: 1,
            },
        )?;
    }
    tokio::select! {
        outcome = client.order(&last) => return Err(format!("answered: {outcome:?}").into()),
        line = first.line_with(LOST) => line?,
    };
    first.child.kill().await?;
    screen.event("killed (SIGKILL) with an order under way: its client has no answer");

    let second = Gateway::start(data.path(), false, screen).await?;
    let mut client = Client::connect(4, &second.endpoint)?;
    let outcome = client.order(&last).await;
    expect(outcome, Outcome::Reconciled)?;
    let id = last.client_order_id.as_str();
    screen.event(&format!(
        "the client sends {id} again: filled once, as the ledger says by now"
    ));
    drop(second);
    let log = PaperTerminal::open(Schedule::healthy(), &data.path().join("terminal.log"))?.log();
    let tickets = log.len();
    screen.event(&format!(
        "the terminal's own log: {tickets} executions of {} orders",
        BEFORE + 1
    ));
    if tickets as u64 == BEFORE + 1 {
        Ok(())
    } else {
        Err("an order was executed twice, or not at all".into())
    }
}

fn expect(outcome: Outcome, expected: Outcome) -> Result<(), Failure> {
    if outcome == expected {
        Ok(())
    } else {
        Err(format!("{outcome:?} instead of {expected:?}").into())
    }
}

fn order(number: u64) -> Result<Order, Failure> {
    Ok(Order {
        client_order_id: Name::of_program(&format!("crash-{number}")),
        side: Side::Buy,
        symbol: Name::of_program("XAUUSD"),
        volume: "0.10".parse()?,
        price: "2700".parse()?,
        sl: None,
        tp: None,
        magic: MAGIC,
        deviation: None,
        valid_until: None,
    })
}

/// A gateway as a program; killed when it is dropped.
struct Gateway {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    endpoint: String,
    screen: Screen,
}

impl Gateway {
    /// Starts one, and waits until it listens. Its terminal loses the answer to the last order.
    async fn start(data: &Path, loses_an_answer: bool, screen: &Screen) -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args(["serve", "--bind", "tcp://127.0.0.1:*", "--data"])
            .arg(data);
        if loses_an_answer {
            // The first call asks for the history, and each order is one.
            let call = (1 + BEFORE).to_string();
            command.args(["--lose-answer", &call]);
        }
        let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let out = child.stdout.take().ok_or("no output")?;
        let mut gateway = Self {
            child,
            lines: BufReader::new(out).lines(),
            endpoint: String::new(),
            screen: screen.clone(),
        };
        let line = gateway.line_with(LISTENING).await?;
        line.trim_start_matches(LISTENING)
            .clone_into(&mut gateway.endpoint);
        Ok(gateway)
    }

    /// Shows what it prints up to a line with `text`, and gives that.
    async fn line_with(&mut self, text: &str) -> Result<String, Failure> {
        while let Some(line) = self.lines.next_line().await? {
            self.screen.event(&format!("  {line}"));
            if line.contains(text) {
                return Ok(line);
            }
        }
        Err(format!("the gateway ended before `{text}`").into())
    }
}
