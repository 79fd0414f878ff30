//! Sends orders, behaves as `docs/gateway.md` tells clients to, and starts the gateway anew now and then.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use wait_or_die::testing;

use super::run::{Asked, Known, Run, Told, Traded};
use super::{has_been_filled, is_one_order, is_told};
use crate::clock::Stopwatch;
use crate::ledger::Settings;
use crate::ledger::memory::Memory;
use crate::paper::Fault::HangAfterExecuting;
use crate::paper::{Execution, PaperTerminal, Schedule};
use crate::protocol::{Action, Body, Name, Order, OrderRef, Request, Side};
use crate::router::Router;

/// Calls that the schedule has faults for; more than any run makes.
const CALLS: u64 = 100_000;
/// Orders that are open at a time, at most.
const MOST_OPEN: usize = 8;
/// One step of so many is a new start.
const STARTS: u32 = 1_500;
/// When a start that could not have the terminal's history asks for it again.
const ASK_AGAIN: Duration = Duration::from_secs(60);
/// Small enough for several checkpoints.
const LEDGER: Settings = Settings {
    checkpoint_at: 256 << 10,
    retain: None,
};

/// The client, and what is behind the router.
pub(super) struct Trader {
    random: fastrand::Rng,
    since: Stopwatch,
    directory: Memory,
    terminal: Arc<PaperTerminal>,
    gateway: Option<(Router<Arc<PaperTerminal>>, testing::Scope)>,
    /// Indices of orders that the client has not given up and has no answer to.
    open: Vec<usize>,
    executed: HashMap<Name, Vec<Execution>>,
    /// The gateway is to end while an order is under way that the terminal has executed and does not answer.
    ends_at_a_hang: bool,
    run: Run,
}

impl Trader {
    pub(super) async fn new(seed: u64) -> Self {
        let mut trader = Self {
            random: fastrand::Rng::with_seed(seed),
            since: Stopwatch::start(),
            directory: Memory::default(),
            terminal: Arc::new(PaperTerminal::new(Schedule::dense(seed, CALLS))),
            gateway: None,
            open: Vec::new(),
            executed: HashMap::new(),
            ends_at_a_hang: false,
            run: Run::default(),
        };
        trader.start().await;
        trader
    }

    pub(super) fn orders(&self) -> usize {
        self.run.orders.len()
    }

    fn router(&self) -> &Router<Arc<PaperTerminal>> {
        &self.gateway.as_ref().unwrap().0
    }

    pub(super) async fn step(&mut self) {
        if self.random.u32(0..STARTS) == 0 {
            self.ends_at_a_hang = self.random.bool();
            if !self.ends_at_a_hang {
                // In an order that goes well, or in one that hangs or waits for its next attempt.
                let longest = if self.random.bool() { 9 } else { 4_000 };
                let end = self.random.u64(1..longest);
                self.end_in_the_middle(end).await;
            }
        }
        if self.ends_at_a_hang && self.terminal.is_about_to_meet() == Some(HangAfterExecuting) {
            self.ends_at_a_hang = false;
            self.end_in_the_middle(100).await;
        }
        match self.random.u32(0..100) {
            0..2 if self.open.len() < MOST_OPEN => {
                let end = self.random.u64(1..2_000);
                self.cut_off(end).await;
            }
            2..50 if self.open.len() < MOST_OPEN => {
                let at = self.draw();
                self.ask(at, Asked::Send).await;
            }
            0..80 if !self.open.is_empty() => self.go_on().await,
            80.. if self.orders() > 0 => self.come_back().await,
            _ => {}
        }
    }

    /// A new order, not sent yet.
    fn draw(&mut self) -> usize {
        let at = self.orders();
        self.run.orders.push(Traded {
            id: Name::of_program(&format!("o-{at}")),
            known: Known::NotExecuted,
            not_before: self.since.elapsed(),
            kept: None,
        });
        self.open.push(at);
        at
    }

    /// The order with this index, which depends on nothing else; most of them wait, for positions cost the terminal time.
    fn order(&self, at: usize, other: bool) -> Order {
        let price = if at.is_multiple_of(20) {
            "1.50"
        } else {
            "0.50"
        };
        // The book holds 50 lots.
        let volume = if at.is_multiple_of(2_000) {
            "60"
        } else {
            "0.001"
        };
        Order {
            client_order_id: self.run.orders[at].id.clone(),
            side: Side::Buy,
            symbol: Name::of_program(["EURUSD", "GBPUSD", "USDCHF"][at % 3]),
            volume: volume.parse().unwrap(),
            price: price.parse().unwrap(),
            sl: None,
            tp: None,
            magic: if other { 7 } else { 202_401 },
            deviation: None,
            valid_until: None,
        }
    }

    fn request(&self, at: usize, asked: Asked) -> Request {
        let client_order_id = self.run.orders[at].id.clone();
        let action = match asked {
            Asked::Send | Asked::Twice => Action::OrderSend(self.order(at, false)),
            Asked::SendOther => Action::OrderSend(self.order(at, true)),
            Asked::Status => Action::OrderStatus(OrderRef { client_order_id }),
        };
        Request {
            id: Name::of_program("r"),
            action,
        }
    }

    /// The next thing to do about the open order that may be seen to first.
    async fn go_on(&mut self) {
        let first = |at: &&usize| self.run.orders[**at].not_before;
        let Some(at) = self.open.iter().min_by_key(first).copied() else {
            return;
        };
        self.wait_for(at).await;
        let draw = self.random.u32(0..100);
        match self.run.orders[at].known {
            Known::NotExecuted if draw < 20 => self.open.retain(|open| *open != at),
            Known::NotExecuted if draw < 40 => self.ask(at, Asked::Twice).await,
            Known::NotExecuted => self.ask(at, Asked::Send).await,
            // Under the same id it would not be executed twice either.
            Known::Unsure if draw < 30 => self.ask(at, Asked::Send).await,
            Known::Unsure | Known::Answered(_) => self.ask(at, Asked::Status).await,
        }
    }

    async fn wait_for(&self, at: usize) {
        let wait = self.run.orders[at].not_before;
        sleep(wait.saturating_sub(self.since.elapsed())).await;
    }

    /// Once more something about an order, be it answered, given up or open.
    async fn come_back(&mut self) {
        let at = self.random.usize(0..self.orders());
        self.wait_for(at).await;
        let is_answered = matches!(self.run.orders[at].known, Known::Answered(_));
        match self.random.u32(0..10) {
            0..5 => self.ask(at, Asked::Send).await,
            // Before it has an answer the other order might be the first to come.
            5 if is_answered => self.ask(at, Asked::SendOther).await,
            _ => self.ask(at, Asked::Status).await,
        }
    }

    async fn ask(&mut self, at: usize, asked: Asked) {
        let request = self.request(at, asked);
        if asked != Asked::Twice {
            let reply = self.router().answer(request).await;
            return self.hear(at, asked, Some(reply.body), self.executions());
        }
        let again = self.request(at, asked);
        let first = async {
            let reply = self.router().answer(request).await;
            (reply.body, self.executions())
        };
        // The terminal takes longer than that.
        let second = async {
            sleep(Duration::from_millis(1)).await;
            self.router().answer(again).await.body
        };
        let ((first, executions), second) = tokio::join!(first, second);
        self.hear(at, Asked::Send, Some(first), executions);
        self.hear(at, Asked::Twice, Some(second), self.executions());
    }

    /// Executions that were not taken in yet.
    fn executions(&self) -> Vec<Execution> {
        self.terminal.log_since(self.run.log.len())
    }

    /// A new order, whose gateway ends so many milliseconds later, be it answered or not; and a new start.
    async fn end_in_the_middle(&mut self, millis: u64) {
        self.cut_off(millis).await;
        self.start().await;
    }

    /// A new order that nobody is at any more after so many milliseconds. Never at once: how far the ledger has come in no time
    /// depends on its thread, which no seed draws.
    async fn cut_off(&mut self, millis: u64) {
        let at = self.draw();
        let request = self.request(at, Asked::Send);
        let end = Duration::from_millis(millis);
        let reply = timeout(end, self.router().answer(request)).await;
        let body = reply.ok().map(|reply| reply.body);
        self.hear(at, Asked::Send, body, self.executions());
    }

    /// A new start on what the one before left; waits until the terminal can be asked.
    async fn start(&mut self) {
        if let Some((router, scope)) = self.gateway.take() {
            Arc::into_inner(router.ledger).unwrap().close().await;
            drop(scope);
        }
        // The breaker and the budgets are the process's.
        let scope = testing::scope(self.random.u64(..));
        let (ledger, _) = self.directory.open(LEDGER).unwrap();
        let router = Router::new(Arc::clone(&self.terminal), Arc::new(ledger));
        let recovered = loop {
            match router.recover().await {
                Ok(recovered) => break recovered,
                Err(_) => sleep(ASK_AGAIN).await,
            }
        };
        assert_eq!((recovered.adopted, recovered.contradicted), (0, 0));
        self.run.found[0] += recovered.executed;
        self.run.found[1] += recovered.released;
        self.run.starts += 1;
        self.gateway = Some((router, scope));
    }

    /// Holds a reply against the terminal's log, to which `more` was added meanwhile, and goes by it.
    fn hear(&mut self, at: usize, asked: Asked, body: Option<Body>, more: Vec<Execution>) {
        for execution in more {
            let id = execution.order.client_order_id.clone();
            self.executed.entry(id).or_default().push(execution.clone());
            // The time on the wall is the one thing that differs from run to run.
            self.run.log.push(Execution { at: 0, ..execution });
        }
        match &body {
            Some(body) => {
                self.check(at, asked, body);
                self.learn(at, asked, body);
            }
            None => self.learn_nothing(at),
        }
        self.run.told.push(Told {
            order: at,
            asked,
            body,
            at: self.since.elapsed(),
            calls: self.terminal.calls(),
        });
    }

    fn check(&self, at: usize, asked: Asked, body: &Body) {
        let order = &self.run.orders[at];
        let executions = self.executed.get(&order.id);
        let executions = executions.map_or(&[][..], Vec::as_slice);
        let holds = match (asked, body) {
            (Asked::SendOther, body) => matches!(body, Body::Error { .. }),
            (_, Body::Filled(_) | Body::Partial(_) | Body::Placed(_)) => {
                is_one_order(executions) && is_told(body, executions)
            }
            (_, Body::Rejected { .. } | Body::NotExecuted { .. } | Body::NotFound { .. }) => {
                executions.is_empty()
            }
            (asked, Body::InProgress { .. }) => asked == Asked::Twice,
            (_, Body::Unknown { .. }) => true,
            _ => false,
        };
        assert!(holds, "{asked:?} {order:?}: {body:?}, {executions:?}");
        if let (Known::Answered(first), false) = (&order.known, asked == Asked::SendOther) {
            let again = body == first
                || has_been_filled(first, body)
                || asked == Asked::Twice && matches!(body, Body::InProgress { .. });
            assert!(again, "{asked:?} {order:?}: {body:?}");
        }
    }

    fn learn(&mut self, at: usize, asked: Asked, body: &Body) {
        let order = &mut self.run.orders[at];
        if matches!(&order.known, Known::Answered(first) if has_been_filled(first, body)) {
            order.known = Known::Answered(body.clone());
        }
        if matches!(order.known, Known::Answered(_)) || asked == Asked::SendOther {
            return;
        }
        let wait = match body {
            Body::NotExecuted { retry_after_ms, .. } => {
                order.known = Known::NotExecuted;
                *retry_after_ms
            }
            // It never came to the ledger.
            Body::NotFound { .. } => {
                order.known = Known::NotExecuted;
                None
            }
            Body::Unknown { retry_after_ms, .. } => {
                order.known = Known::Unsure;
                *retry_after_ms
            }
            // The other one of the two says more.
            Body::InProgress { .. } => return,
            body => {
                order.known = Known::Answered(body.clone());
                self.open.retain(|open| *open != at);
                None
            }
        };
        order.not_before = self.since.elapsed() + Duration::from_millis(wait.unwrap_or(0));
    }

    fn learn_nothing(&mut self, at: usize) {
        let known = &mut self.run.orders[at].known;
        if !matches!(known, Known::Answered(_)) {
            *known = Known::Unsure;
        }
    }

    /// Asks about everything until it is answered or certainly not executed.
    pub(super) async fn settle(&mut self) {
        for at in 0..self.orders() {
            while !matches!(self.run.orders[at].known, Known::Answered(_)) {
                self.wait_for(at).await;
                self.ask(at, Asked::Status).await;
                if self.run.orders[at].known == Known::NotExecuted {
                    break;
                }
            }
            let kept = self.router().ledger.state(self.run.orders[at].id.as_str());
            self.run.orders[at].kept = kept;
        }
    }

    pub(super) fn into_run(self) -> Run {
        self.run
    }
}
