//! A paper terminal: fills every order at its price, unless its schedule says to misbehave.
//!
//! The schedule counts calls, not seconds, so a run meets the same faults however fast it goes.

use std::collections::HashMap;
use std::env;
use std::future::pending;
use std::iter;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use wait_or_die::redact::Redacted;

use crate::protocol::{Name, Order};
use crate::terminal::{Fill, Terminal, TerminalError};

/// How long a healthy answer takes.
const LATENCY: Duration = Duration::from_millis(8);
/// The number of the first ticket.
const FIRST_TICKET: u64 = 5_001_001;

/// Where the terminal finds its broker: user, password and address in one.
const LOGIN: &str = "mt5://trader:papermoney7@127.0.0.1:443";
/// The environment's variable that holds another one. Not an option of the command line: those are seen by everybody
/// who lists processes.
const LOGIN_VARIABLE: &str = "MT5_LOGIN";

/// What the terminal does instead of answering well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not connected: nothing is taken, nothing answered.
    Refuse,
    /// The price has moved.
    Requote,
    /// The order is turned down for good.
    Reject,
    /// Executes, and never says so.
    HangAfterExecuting,
    /// Takes the order, and neither executes nor answers.
    HangBeforeExecuting,
}

/// The parts of the outage, call by call; `None` is a call that goes well, as [`LULL`] calls after each part do.
const OUTAGE: [&[Option<Fault>]; 3] = {
    use Fault::{HangAfterExecuting, HangBeforeExecuting, Refuse, Requote};
    [
        // Three in a row open the breaker. The fourth is its first probe, which opens it again; the second
        // one closes it.
        &[Some(Refuse), Some(Refuse), Some(Refuse), Some(Refuse)],
        // An order is executed, its answer is lost, and asking about it fails twice: three in a row.
        &[Some(HangAfterExecuting), Some(Refuse), Some(Refuse)],
        // An order is requoted twice; the next one hangs without being executed, and is asked about.
        &[
            Some(Requote),
            Some(Requote),
            None,
            Some(HangBeforeExecuting),
            None,
        ],
    ]
};

/// So many calls that go well give all who wait for the terminal the time to come back.
const LULL: usize = 30;

/// The outage as a whole.
fn outage() -> impl Iterator<Item = Option<Fault>> {
    let with_lull = |part: &'static [_]| part.iter().copied().chain(iter::repeat_n(None, LULL));
    OUTAGE.into_iter().flat_map(with_lull)
}

/// Which call meets which fault; calls are numbered from 0.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schedule(HashMap<u64, Fault>);

impl Schedule {
    /// A terminal that never misbehaves.
    pub(crate) fn healthy() -> Self {
        Self::default()
    }

    /// The given faults for the first calls, and none after them.
    #[cfg(test)]
    pub(crate) fn first(faults: &[Fault]) -> Self {
        Self((0..).zip(faults.iter().copied()).collect())
    }

    /// An outage that begins with call `begin`, and scattered requotes and rejections before and
    /// after it, drawn from `seed` for the first `calls` calls.
    pub(crate) fn seeded(seed: u64, calls: u64, begin: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let scattered = (0..calls).filter_map(|call| {
            let fault = match random.u32(0..100) {
                0..3 => Fault::Requote,
                3..6 => Fault::Reject,
                _ => return None,
            };
            Some((call, fault))
        });
        let mut faults: HashMap<u64, Fault> = scattered.collect();
        for (call, fault) in (begin..).zip(outage()) {
            match fault {
                Some(fault) => faults.insert(call, fault),
                None => faults.remove(&call),
            };
        }
        Self(faults)
    }
}

#[derive(Debug, Default)]
struct Book {
    calls: u64,
    fills: HashMap<Name, Fill>,
    /// The terminal's own log: every execution, in order.
    log: Vec<Name>,
}

/// The terminal; shared by reference.
#[derive(Debug)]
pub(crate) struct PaperTerminal {
    schedule: Schedule,
    /// Prints as `[REDACTED]`; the texts of errors that it gets into do not know that.
    login: Redacted<String>,
    book: Mutex<Book>,
}

impl PaperTerminal {
    /// Logs in with `MT5_LOGIN` of the environment, or else with an account of its own.
    pub(crate) fn new(schedule: Schedule) -> Self {
        Self {
            schedule,
            login: env::var(LOGIN_VARIABLE)
                .unwrap_or_else(|_| LOGIN.to_owned())
                .into(),
            book: Mutex::default(),
        }
    }

    /// The client order ids in the order of their execution.
    pub(crate) fn log(&self) -> Vec<Name> {
        self.book().log.clone()
    }

    /// How often it was called, for whatever.
    #[cfg(test)]
    pub(crate) fn calls(&self) -> u64 {
        self.book().calls
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has no connection, and says so on the screen.
    fn not_connected(&self, client_order_id: &Name) -> TerminalError {
        let error = TerminalError::NotConnected(self.login.expose().clone());
        tell(&format!("has {error}"), client_order_id);
        error
    }

    /// Counts a call and looks up what it meets.
    fn meet(&self) -> Option<Fault> {
        let mut book = self.book();
        let fault = self.schedule.0.get(&book.calls).copied();
        book.calls += 1;
        fault
    }

    fn fill(&self, order: &Order) -> Fill {
        let mut book = self.book();
        if let Some(fill) = book.fills.get(&order.client_order_id) {
            return *fill;
        }
        let executed = u64::try_from(book.log.len()).unwrap_or(u64::MAX);
        let fill = Fill {
            ticket: FIRST_TICKET.saturating_add(executed),
            price: order.price,
        };
        book.log.push(order.client_order_id.clone());
        book.fills.insert(order.client_order_id.clone(), fill);
        fill
    }
}

/// Says on the screen, which filters it, what the terminal is up to.
fn tell(what: &str, client_order_id: &Name) {
    tracing::info!(target: "gateway", order = client_order_id.as_str(), "terminal {what}");
}

impl Terminal for PaperTerminal {
    async fn execute(&self, order: &Order) -> Result<Fill, TerminalError> {
        tokio::time::sleep(LATENCY).await;
        let id = &order.client_order_id;
        match self.meet() {
            None => Ok(self.fill(order)),
            Some(Fault::Refuse) => Err(self.not_connected(id)),
            Some(Fault::Requote) => {
                tell("asks for another price (10004)", id);
                Err(TerminalError::Requote)
            }
            Some(Fault::Reject) => {
                let (retcode, reason) = (10_019, "not enough money");
                Err(TerminalError::Rejected { retcode, reason })
            }
            Some(Fault::HangAfterExecuting) => {
                tell("executes and loses its answer", id);
                self.fill(order);
                pending().await
            }
            Some(Fault::HangBeforeExecuting) => {
                tell("takes the order and hangs", id);
                pending().await
            }
        }
    }

    async fn find(&self, client_order_id: &Name) -> Result<Option<Fill>, TerminalError> {
        tokio::time::sleep(LATENCY).await;
        match self.meet() {
            Some(Fault::Refuse) => Err(self.not_connected(client_order_id)),
            Some(Fault::HangAfterExecuting | Fault::HangBeforeExecuting) => {
                tell("does not answer", client_order_id);
                pending().await
            }
            // Prices and money are no matter here.
            None | Some(Fault::Requote | Fault::Reject) => {
                Ok(self.book().fills.get(client_order_id).copied())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Schedule, outage};

    #[test]
    fn a_seed_gives_one_schedule() {
        let schedule = Schedule::seeded(7, 400, 60);
        assert_eq!(schedule.0, Schedule::seeded(7, 400, 60).0);
        assert_ne!(schedule.0, Schedule::seeded(8, 400, 60).0);
        assert!(Schedule::healthy().0.is_empty());
    }

    #[test]
    fn the_outage_is_the_same_for_every_seed() {
        for seed in 0..50 {
            let schedule = Schedule::seeded(seed, 400, 60);
            for (call, fault) in (60..).zip(outage()) {
                assert_eq!(schedule.0.get(&call).copied(), fault, "call {call}");
            }
            let scattered = |fault| schedule.0.values().filter(|met| **met == fault).count();
            assert!(scattered(Fault::Requote) > 2 && scattered(Fault::Reject) > 0);
        }
    }
}
