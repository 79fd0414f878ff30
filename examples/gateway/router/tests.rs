//! Orders through a misbehaving terminal, under a paused clock: how often is it called, what does the
//! client hear, and what does the breaker make of it.

mod late;
mod many;
mod once;
mod recovery;
mod unsent;
mod unwritten;

use serde_json::json;

use super::Router;
use crate::events::{Changes, Events, Tally};
use crate::ledger::{Ledger, Settings};
use crate::paper::Fault::{HangAfterExecuting, HangBeforeExecuting, Refuse};
use crate::paper::{Fault, PaperTerminal, Schedule};
use crate::protocol::{Body, Reply, Request, Took};
use crate::render::Screen;
use std::sync::Arc;
use std::time::Duration;
use tracing_subscriber::layer::SubscriberExt as _;
use wait_or_die::breaker::State;
use wait_or_die::{Breaker, settings, testing};

/// A router, its terminal, and a breaker of this test alone.
struct Bench {
    terminal: Arc<PaperTerminal>,
    router: Router<Arc<PaperTerminal>>,
    scope: testing::Scope,
    directory: tempfile::TempDir,
}

const REQUOTE: Fault = Fault::REQUOTE;
const REJECT: Fault = Fault::REJECT;

/// The terminal's first calls meet `faults`.
fn bench(faults: &[Fault]) -> Bench {
    let terminal = Arc::new(PaperTerminal::new(Schedule::first(faults)));
    let directory = tempfile::tempdir().unwrap();
    let (ledger, _) = Ledger::open(&directory.path().join("ledger"), Settings::default()).unwrap();
    let scope = testing::scope(7);
    let short = serde_json::from_str(include_str!("../paper.json")).unwrap();
    settings::apply(short).unwrap();
    Bench {
        router: Router::new(Arc::clone(&terminal), Arc::new(ledger)),
        terminal,
        scope,
        directory,
    }
}

impl Bench {
    /// Sends the order: what the client hears, the calls made so far, the executions so far.
    async fn place(&self) -> (Body, u64, usize) {
        let body = self.ask(order()).await;
        (body, self.terminal.calls(), self.terminal.log().len())
    }

    async fn ask(&self, request: Request) -> Body {
        let Reply { id, body } = self.router.answer(request).await;
        assert_eq!(id.unwrap().as_str(), "r-1");
        body
    }

    /// Sends the order and expects it to be turned away: for how many milliseconds, and the calls made
    /// so far.
    async fn turned_away(&self) -> (u64, u64) {
        match self.place().await {
            (
                Body::NotExecuted {
                    message,
                    retry_after_ms: Some(millis),
                },
                calls,
                0,
            ) => {
                let rejected =
                    "`terminal.execute_order` rejected: circuit breaker `terminal` is open";
                assert!(message.starts_with(rejected), "{message}");
                (millis, calls)
            }
            other => panic!("not turned away: {other:?}"),
        }
    }
}

async fn place(faults: &[Fault]) -> (Body, u64, usize) {
    bench(faults).place().await
}

/// The state of the scope's breaker.
fn state() -> State {
    Breaker::find("terminal").unwrap().state()
}

async fn millis(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

fn order_of(client_order_id: &str, price: &str) -> Request {
    Request::parse(json!({
        "id": "r-1", "action": "ORDER_SEND", "client_order_id": client_order_id, "type": "OP_SELL",
        "symbol": "EURUSD", "volume": "0.10", "price": price, "magic": 202_401
    }))
    .unwrap()
}

fn order() -> Request {
    order_of("o-1", "1.08425")
}

fn question() -> Request {
    let question = json!({"id": "r-1", "action": "ORDER_STATUS", "client_order_id": "o-1"});
    Request::parse(question).unwrap()
}

/// Filled at the first price, or at one that has moved so often.
fn filled_at(price: &str, attempts: u32, reconciled: bool) -> Body {
    Body::Filled(Took {
        ticket: 5_001_001,
        volume: "0.10".parse().unwrap(),
        price: price.parse().unwrap(),
        attempts,
        reconciled,
    })
}

fn filled(attempts: u32, reconciled: bool) -> Body {
    filled_at("1.08425", attempts, reconciled)
}

fn not_executed(message: &str) -> Body {
    Body::NotExecuted {
        message: message.to_owned(),
        retry_after_ms: None,
    }
}

fn rejected() -> Body {
    Body::Rejected {
        retcode: 10_006,
        message: "rejected (10006 REJECT)".to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_healthy_terminal_is_called_once() {
    assert_eq!(place(&[]).await, (filled(1, false), 1, 1));
}

#[tokio::test(start_paused = true)]
async fn an_order_that_was_not_taken_is_sent_again() {
    assert_eq!(place(&[Refuse; 2]).await, (filled(3, false), 3, 1));
    assert_eq!(
        place(&[REQUOTE, Refuse, REQUOTE]).await,
        (filled_at("1.08431", 4, false), 4, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn after_five_retries_the_client_hears_that_nothing_happened() {
    let body = not_executed("another price (10004 REQUOTE)");
    assert_eq!(place(&[REQUOTE; 6]).await, (body, 6, 0));
}

#[tokio::test(start_paused = true)]
async fn the_client_does_not_hear_the_terminals_password() {
    // No three refusals in a row, which would open the breaker and end the call with an error of its own.
    let faults = [REQUOTE, Refuse, Refuse, REQUOTE, Refuse, Refuse];
    let body = not_executed("no connection to mt5://trader:[REDACTED]@127.0.0.1:443");
    assert_eq!(place(&faults).await, (body, 6, 0));
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_final() {
    assert_eq!(place(&[REJECT]).await, (rejected(), 1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_order_that_may_have_been_executed_is_asked_about_and_not_sent_again() {
    // One order, one question.
    assert_eq!(place(&[HangAfterExecuting]).await, (filled(1, true), 2, 1));
    let body = not_executed("the terminal does not know this order");
    assert_eq!(place(&[HangBeforeExecuting]).await, (body, 2, 0));
}

#[tokio::test(start_paused = true)]
async fn asking_is_repeated_whether_the_terminal_hangs_or_refuses() {
    for fault in [Refuse, HangBeforeExecuting] {
        let faults = [HangAfterExecuting, fault];
        assert_eq!(place(&faults).await, (filled(1, true), 3, 1), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn three_failures_in_a_row_open_the_breaker_in_the_middle_of_a_call() {
    let bench = bench(&[Refuse; 3]);
    assert_eq!(bench.turned_away().await, (1000, 3));
    assert_eq!(state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_comes_too_soon_never_reaches_the_terminal() {
    let bench = bench(&[Refuse; 3]);
    assert_eq!(bench.turned_away().await, (1000, 3));
    assert_eq!(bench.turned_away().await, (1000, 3));
    millis(400).await;
    assert_eq!(bench.turned_away().await, (600, 3));
    // A part of a millisecond counts as a whole one.
    bench.scope.advance(Duration::from_micros(1));
    assert_eq!(bench.turned_away().await, (600, 3));
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_answered_closes_the_breaker() {
    let bench = bench(&[Refuse; 3]);
    let (wait, _) = bench.turned_away().await;
    millis(wait).await;
    assert_eq!(bench.place().await, (filled(1, false), 4, 1));
    assert_eq!(state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_turned_down_by_the_terminal_closes_the_breaker_too() {
    let bench = bench(&[Refuse, Refuse, Refuse, REJECT]);
    let (wait, _) = bench.turned_away().await;
    millis(wait).await;
    assert_eq!(bench.place().await, (rejected(), 4, 0));
    assert_eq!(state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn probes_that_fail_open_it_for_longer_each_time() {
    let bench = bench(&[Refuse; 6]);
    let mut waits = Vec::new();
    for calls in 3..=6 {
        let (wait, made) = bench.turned_away().await;
        assert_eq!((made, state()), (calls, State::Open));
        waits.push(wait);
        millis(wait).await;
    }
    // Up to 2 s, 4 s and 4 s, the lower half of which is certain; the rest is what this seed draws.
    assert_eq!(waits, [1000, 1166, 2889, 3691]);
    assert_eq!(bench.place().await, (filled(1, false), 7, 1));
}

#[tokio::test(start_paused = true)]
async fn changes_and_rejections_are_counted() {
    let events = Events::new(Screen::silent());
    let subscriber = tracing_subscriber::registry().with(events.clone());
    // Where only one subscriber lives, an event that the thread of another test reaches first is noted to interest nobody.
    let _another = tracing::Dispatch::new(tracing_subscriber::registry());
    let _guard = tracing::subscriber::set_default(subscriber);
    let bench = bench(&[Refuse; 4]);
    // In the middle of a call, without an attempt, after a probe.
    for wait in [0, 1000, 2000] {
        bench.turned_away().await;
        millis(wait).await;
    }
    assert_eq!(bench.place().await, (filled(1, false), 5, 1));
    let changes = Changes {
        opened: 1,
        reopened: 1,
        closed: 1,
    };
    assert_eq!(events.breakers(), [("terminal".to_owned(), changes)].into());
    let tallies = events.tallies();
    assert_eq!(tallies.len(), 1);
    let Tally {
        retries,
        recovered,
        not_retried,
        gave_up,
        rejected,
        ..
    } = tallies["terminal.execute_order"];
    let told = [retries, recovered, not_retried, gave_up, rejected];
    assert_eq!(told, [2, 0, 0, 0, 3]);
}

#[tokio::test(start_paused = true)]
async fn what_the_terminal_answers_is_no_failure() {
    let bench = bench(&[Refuse, Refuse, REQUOTE, Refuse, Refuse]);
    assert_eq!(bench.place().await, (filled_at("1.08428", 6, false), 6, 1));
    let bench = self::bench(&[Refuse, Refuse, REJECT, Refuse, Refuse, REJECT]);
    assert_eq!(bench.place().await, (rejected(), 3, 0));
    // Another order: of the first one the answer is known.
    assert_eq!(bench.ask(order_of("o-2", "1.08425")).await, rejected());
    assert_eq!((bench.terminal.calls(), state()), (6, State::Closed));
}

#[tokio::test(start_paused = true)]
async fn where_the_breaker_stops_the_question_the_outcome_is_unknown_until_it_is_settled() {
    let bench = bench(&[HangAfterExecuting, Refuse, HangBeforeExecuting]);
    let (body, calls, executions) = bench.place().await;
    let Body::Unknown {
        message,
        retry_after_ms,
    } = body
    else {
        panic!("not unknown: {body:?}");
    };
    let stopped = "the terminal could not be asked: `terminal.find_order` rejected: ";
    assert!(message.starts_with(stopped), "{message}");
    assert_eq!((retry_after_ms, calls, executions), (Some(1000), 3, 1));
    // The question is stopped by what happened to the order, and so would another order be.
    assert!(matches!(
        bench.ask(question()).await,
        Body::Unknown {
            retry_after_ms: Some(1000),
            ..
        }
    ));
    millis(1000).await;
    assert_eq!(bench.ask(question()).await, filled(1, true));
    assert_eq!((bench.terminal.calls(), state()), (4, State::Closed));
}
