//! Starts, kills, and what was found between them.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tempfile::TempDir;

use crate::checker::Evidence;
use crate::client::Client;
use crate::clock;
use crate::gateway::{Gateway, Place};
use crate::ledger::{Ledger, State};
use crate::terminal;
use crate::told::Heard;

const CLIENTS: usize = 4;
/// How long replies or an execution are waited for before the gateway is killed without them.
const LONGEST: Duration = Duration::from_secs(12);
/// One kill of so many waits for an unknown outcome, which the schedule has only in its outage and therefore takes seconds.
const UNKNOWN_EVERY: u64 = 40;

/// When the gateway is killed.
#[derive(Debug, Clone, Copy)]
enum Point {
    /// So long after it was started: before, while or after it reads its ledger.
    Start(Duration),
    /// So long after it read its ledger: while or after it settles what it found there.
    Recovery(Duration),
    /// So long after the terminal's log has grown: before or after the ledger knows of it.
    Execution(Duration),
    /// So long after so many replies.
    Replies(u64, Duration),
    /// So long after a client was told that the outcome of its order is unknown.
    Unknown(Duration),
}

impl Point {
    fn draw(random: &mut fastrand::Rng, kill: u64) -> Self {
        let mut micros = |most| Duration::from_micros(random.u64(0..most));
        let (start, recovery) = (micros(12_000), micros(20_000));
        let (execution, pause) = (micros(60), micros(15_000));
        match random.u32(0..100) {
            _ if kill % UNKNOWN_EVERY == UNKNOWN_EVERY / 2 => Self::Unknown(pause),
            0..12 => Self::Start(start),
            12..28 => Self::Recovery(recovery),
            // Long enough for the schedule's outage, which begins with the terminal's call 60.
            28..50 => Self::Execution(execution),
            50..54 => Self::Replies(random.u64(60..160), pause),
            _ => Self::Replies(random.u64(0..20), pause),
        }
    }
}

/// What the starts found.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) kills: u64,
    /// Of those, before the gateway served.
    before_serving: u64,
    /// Starts that found orders SENT or UNKNOWN.
    pub(crate) starts_with_unsettled: u64,
    /// Those orders by their state, each as often as it was found.
    found: BTreeMap<State, u64>,
    /// Those that were SENT and had been executed.
    executed: u64,
    /// Starts that found a record that was not written to its end.
    torn: u64,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = |state| self.found.get(&state).copied().unwrap_or(0);
        write!(
            f,
            "{} kills, {} of them before it served; {} starts found orders unsettled: {} sent ({} of them executed), {} \
             unknown; {} torn records",
            self.kills,
            self.before_serving,
            self.starts_with_unsettled,
            found(State::Sent),
            self.executed,
            found(State::Unknown),
            self.torn
        )
    }
}

/// One gateway's directory, its clients, and how often it was killed.
pub(crate) struct Run {
    program: PathBuf,
    directory: TempDir,
    random: fastrand::Rng,
    place: Arc<Place>,
    clients: Vec<JoinHandle<Heard>>,
    figures: Figures,
    /// Orders that a start found SENT, and how long the terminal's log was then.
    found_sent: Vec<(String, u64)>,
}

impl Run {
    pub(crate) fn new(program: &Path, seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let place = Arc::new(Place::default());
        let clients = (0..CLIENTS).map(|number| {
            let client = Client::new(number, random.u64(..), Arc::clone(&place));
            thread::spawn(move || client.run())
        });
        Self {
            program: program.to_owned(),
            directory: tempfile::tempdir().unwrap(),
            clients: clients.collect(),
            random,
            place,
            figures: Figures::default(),
            found_sent: Vec::new(),
        }
    }

    fn data(&self, name: &str) -> PathBuf {
        self.directory.path().join("data").join(name)
    }

    fn start(&mut self) -> Gateway {
        self.look();
        let faults = self.random.u64(0..1_000_000);
        Gateway::start(&self.program, self.directory.path(), faults)
    }

    /// One life of the gateway.
    pub(crate) fn start_and_kill(&mut self) {
        let gateway = self.start();
        let point = Point::draw(&mut self.random, self.figures.kills);
        match point {
            Point::Start(pause) => clock::sleep(pause),
            Point::Recovery(pause) => {
                gateway.line().expect("it ended by itself");
                clock::sleep(pause);
            }
            Point::Execution(pause) => {
                self.place.open(gateway.endpoint());
                self.wait_for_an_execution();
                clock::spin(pause);
            }
            Point::Replies(count, pause) => {
                self.place.open(gateway.endpoint());
                self.place.replies(count, LONGEST);
                clock::sleep(pause);
            }
            Point::Unknown(pause) => {
                self.place.open(gateway.endpoint());
                self.place.unknown(LONGEST);
                clock::sleep(pause);
            }
        }
        drop(gateway);
        self.place.shut();
        self.figures.kills += 1;
        self.figures.before_serving +=
            u64::from(matches!(point, Point::Start(_) | Point::Recovery(_)));
    }

    /// How long the terminal's log is, in bytes.
    fn logged(&self) -> u64 {
        fs::metadata(self.data("terminal.log")).map_or(0, |log| log.len())
    }

    fn wait_for_an_execution(&self) {
        let (before, since) = (self.logged(), clock::now());
        while self.logged() == before && since.elapsed() < LONGEST {
            // A sleep, be it short, would be longer than it takes the ledger to know.
            thread::yield_now();
        }
    }

    /// What a start is about to find.
    fn look(&mut self) {
        let ledger = Ledger::read(&self.data("ledger/orders.log")).unwrap();
        let logged = self.logged();
        let mut unsettled = 0;
        for (id, order) in &ledger.orders {
            if !matches!(order.state, State::Sent | State::Unknown) {
                continue;
            }
            unsettled += 1;
            *self.figures.found.entry(order.state).or_default() += 1;
            if order.state == State::Sent {
                self.found_sent.push((id.clone(), logged));
            }
        }
        self.figures.starts_with_unsettled += u64::from(unsettled > 0);
        self.figures.torn += u64::from(ledger.torn > 0);
    }

    /// One more start, in which everything that is open is settled by asking; then the gateway is killed for good.
    pub(crate) fn settle(mut self) -> (Figures, Evidence, TempDir) {
        let gateway = self.start();
        let endpoint = gateway.endpoint();
        self.place.close();
        self.place.open(endpoint);
        let mut heard = Heard::default();
        for client in self.clients.drain(..) {
            heard.add(client.join().unwrap());
        }
        drop(gateway);
        let ledger = Ledger::read(&self.data("ledger/orders.log")).unwrap();
        assert_eq!(ledger.torn, 0, "torn, though nobody was writing");
        let log = terminal::read(&self.data("terminal.log")).unwrap();
        let evidence = Evidence {
            heard,
            ledger: ledger.orders,
            log,
        };
        self.figures.executed = executed_before(&self.found_sent, &evidence);
        (self.figures, evidence, self.directory)
    }
}

/// How many of the orders were in the terminal's log when it was so long.
fn executed_before(found: &[(String, u64)], evidence: &Evidence) -> u64 {
    let executions = evidence.by_order();
    let executed = |(id, logged): &&(String, u64)| {
        let first = executions.get(id.as_str()).and_then(|all| all.first());
        first.is_some_and(|execution| execution.at < *logged)
    };
    found.iter().filter(executed).count() as u64
}
