//! A paper terminal: trades on books of its own, unless its schedule says to misbehave.

mod faults;
mod journal;
mod market;

use std::env;
use std::future::pending;
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use wait_or_die::redact::Redacted;

use crate::amount::Amount;
use crate::clock;
use crate::protocol::{Name, Order};
use crate::retcode::Retcode;
use crate::terminal::{Account, Deal, Holdings, Quote, Terminal, TerminalError};
pub(crate) use faults::{Fault, Schedule};
pub(crate) use journal::Execution;
use journal::Journal;
use market::{Market, Moved};

/// How long a healthy answer takes.
const LATENCY: Duration = Duration::from_millis(8);
/// By how many steps the prices move when they do.
const MOVE: i32 = 3;

/// Where the terminal finds its broker: user, password and address in one.
const LOGIN: &str = "mt5://trader:papermoney7@127.0.0.1:443";
/// The environment's variable that holds another one. Not an option of the command line: those are seen by everybody
/// who lists processes.
const LOGIN_VARIABLE: &str = "MT5_LOGIN";

#[derive(Debug)]
struct Inside {
    calls: u64,
    market: Market,
    journal: Journal,
}

/// The terminal; shared by reference.
#[derive(Debug)]
pub(crate) struct PaperTerminal {
    schedule: Schedule,
    /// Prints as `[REDACTED]`; the texts of errors that it gets into do not know that.
    login: Redacted<String>,
    inside: Mutex<Inside>,
}

impl PaperTerminal {
    /// Logs in with `MT5_LOGIN` of the environment, or else with an account of its own.
    pub(crate) fn new(schedule: Schedule) -> Self {
        Self::with(schedule, Journal::default())
    }

    /// The same with a log in a file: whatever was executed before is known, and its positions are open.
    ///
    /// # Errors
    /// The file cannot be read or written, or is no such log.
    pub(crate) fn open(schedule: Schedule, log: &Path) -> io::Result<Self> {
        Ok(Self::with(schedule, Journal::open(log)?))
    }

    fn with(schedule: Schedule, journal: Journal) -> Self {
        let login = env::var(LOGIN_VARIABLE).unwrap_or_else(|_| LOGIN.to_owned());
        let market = Market::of(journal.executions(), journal.closings());
        Self {
            schedule,
            login: login.into(),
            inside: Mutex::new(Inside {
                calls: 0,
                market,
                journal,
            }),
        }
    }

    /// The terminal's own log.
    pub(crate) fn log(&self) -> Vec<Execution> {
        self.inside().journal.executions().to_vec()
    }

    /// What was executed after the first `known` executions.
    #[cfg(test)]
    pub(crate) fn log_since(&self, known: usize) -> Vec<Execution> {
        self.inside().journal.executions()[known..].to_vec()
    }

    /// What its next call meets.
    #[cfg(test)]
    pub(crate) fn is_about_to_meet(&self) -> Option<Fault> {
        self.schedule.at(self.calls())
    }

    /// How often it was called, for whatever.
    #[cfg(test)]
    pub(crate) fn calls(&self) -> u64 {
        self.inside().calls
    }

    /// Moves the market once, as a requote does.
    #[cfg(test)]
    pub(crate) fn move_market(&self, symbol: &str) {
        self.moves(&Name::of_program(symbol));
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has no connection, and says so on the screen.
    fn not_connected(&self, what: &Name) -> TerminalError {
        let error = TerminalError::NotConnected(self.login.expose().clone());
        tell(&format!("has {error}"), what);
        error
    }

    /// Counts a call and looks up what it meets.
    fn meet(&self) -> Option<Fault> {
        let mut inside = self.inside();
        let fault = self.schedule.at(inside.calls);
        inside.calls += 1;
        fault
    }

    fn execute(&self, order: &Order, price: Amount) -> Result<Deal, TerminalError> {
        let mut inside = self.inside();
        let now = clock::unix_millis();
        let traded = inside.market.execute(order, price, now);
        let deal = traded.map_err(TerminalError::Refused)?;
        let execution = Execution::of(order.clone(), deal, now);
        if inside.journal.add(execution).is_err() {
            inside.market.take_back(order, deal.ticket);
            tell("cannot write its log", &order.client_order_id);
            return Err(TerminalError::NoAnswer);
        }
        Ok(deal)
    }

    /// The market moves: what waited for that is filled, and what comes to its stops is closed.
    fn moves(&self, symbol: &Name) {
        let now = clock::unix_millis();
        let mut inside = self.inside();
        let Moved { filled, closed } = inside.market.moves(symbol, MOVE, now);
        let mut written = Ok(());
        for (order, deal) in filled {
            written = written.and(inside.journal.add(Execution::of(order, deal, now)));
        }
        for closing in closed {
            written = written.and(inside.journal.close(closing));
        }
        // As it is in the log it will be again after the next start.
        if written.is_err() {
            tell("cannot write its log", symbol);
        }
    }

    /// Answers with a return code, without having executed anything.
    fn answer(&self, retcode: Retcode, order: &Order) -> TerminalError {
        tell(&format!("answers {retcode}"), &order.client_order_id);
        let error = match TerminalError::of(retcode) {
            // It would say that it executed, and did not.
            Ok(_) => TerminalError::NoAnswer,
            Err(error) => error,
        };
        if matches!(error, TerminalError::NewPrice(_)) {
            self.moves(&order.symbol);
        }
        error
    }

    /// Answers a question, which no return code is an answer to.
    async fn question<T>(
        &self,
        what: &Name,
        answer: impl FnOnce(&Inside) -> T,
    ) -> Result<T, TerminalError> {
        tokio::time::sleep(LATENCY).await;
        match self.meet() {
            Some(Fault::Refuse) => Err(self.not_connected(what)),
            Some(Fault::HangAfterExecuting | Fault::HangBeforeExecuting) => {
                tell("does not answer", what);
                pending().await
            }
            None | Some(Fault::Answer(_) | Fault::ExecuteAndAnswer(_)) => {
                Ok(answer(&self.inside()))
            }
        }
    }
}

/// Says on the screen, which filters it, what the terminal is up to.
fn tell(what: &str, about: &Name) {
    tracing::info!(target: "gateway", order = about.as_str(), "terminal {what}");
}

impl Terminal for PaperTerminal {
    async fn send(&self, order: &Order, price: Amount) -> Result<Deal, TerminalError> {
        tokio::time::sleep(LATENCY).await;
        let id = &order.client_order_id;
        match self.meet() {
            None => self.execute(order, price),
            Some(Fault::Refuse) => Err(self.not_connected(id)),
            Some(Fault::Answer(retcode)) => Err(self.answer(retcode, order)),
            Some(Fault::ExecuteAndAnswer(retcode)) => {
                self.execute(order, price)?;
                tell("executes, and its answer tells something else", id);
                Err(self.answer(retcode, order))
            }
            Some(Fault::HangAfterExecuting) => {
                self.execute(order, price)?;
                tell("executes and loses its answer", id);
                pending().await
            }
            Some(Fault::HangBeforeExecuting) => {
                tell("takes the order and hangs", id);
                pending().await
            }
        }
    }

    fn quote(&self, symbol: &Name) -> Option<Quote> {
        self.inside().market.quote(symbol)
    }

    /// What is given up is not executed any more.
    fn settles_within(&self) -> Duration {
        Duration::ZERO
    }

    async fn find(
        &self,
        magic: u64,
        client_order_id: &Name,
    ) -> Result<Option<Deal>, TerminalError> {
        self.question(client_order_id, |inside| {
            inside.journal.find(magic, client_order_id)
        })
        .await
    }

    async fn history(&self) -> Result<Vec<(Order, Deal)>, TerminalError> {
        self.question(&Name::of_program("history"), |inside| {
            inside.journal.orders()
        })
        .await
    }

    async fn holdings(&self, magic: u64) -> Result<Holdings, TerminalError> {
        self.question(&Name::of_program("holdings"), |inside| Holdings {
            account: inside.market.account(),
            positions: inside.market.positions(magic),
            version: inside.journal.changes(magic),
        })
        .await
    }

    async fn account(&self) -> Result<Account, TerminalError> {
        self.question(&Name::of_program("account"), |inside| {
            inside.market.account()
        })
        .await
    }
}
