//! Orders through a misbehaving terminal, under a paused clock: how often is it called, and what
//! does the client hear.

use serde_json::json;

use super::Router;
use crate::paper::Fault::{HangAfterExecuting, HangBeforeExecuting, Refuse, Reject, Requote};
use crate::paper::{Fault, PaperTerminal, Schedule};
use crate::protocol::{Body, Reply, Request};
use std::sync::Arc;

/// Sends one order to a terminal whose first calls meet `faults`: what the client hears, the calls
/// made, the executions.
async fn place(faults: &[Fault]) -> (Body, u64, usize) {
    let terminal = Arc::new(PaperTerminal::new(Schedule::first(faults)));
    let router = Router::new(Arc::clone(&terminal));
    let Reply { id, body } = router.answer(order()).await;
    assert_eq!(id.unwrap().as_str(), "r-1");
    (body, terminal.calls(), terminal.log().len())
}

fn order() -> Request {
    Request::parse(json!({
        "id": "r-1", "action": "ORDER_SEND", "client_order_id": "o-1", "type": "OP_SELL",
        "symbol": "EURUSD", "volume": "0.10", "price": "1.08425", "magic": 202_401
    }))
    .unwrap()
}

fn filled(attempts: u32, reconciled: bool) -> Body {
    Body::Filled {
        ticket: 5_001_001,
        price: "1.08425".parse().unwrap(),
        attempts,
        reconciled,
    }
}

fn not_executed(message: &str) -> Body {
    Body::NotExecuted {
        message: message.to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_healthy_terminal_is_called_once() {
    assert_eq!(place(&[]).await, (filled(1, false), 1, 1));
}

#[tokio::test(start_paused = true)]
async fn an_order_that_was_not_taken_is_sent_again() {
    assert_eq!(place(&[Refuse; 5]).await, (filled(6, false), 6, 1));
    assert_eq!(
        place(&[Requote, Refuse, Requote]).await,
        (filled(4, false), 4, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn after_five_retries_the_client_hears_that_nothing_happened() {
    let body = not_executed("the terminal is not connected");
    assert_eq!(place(&[Refuse; 6]).await, (body, 6, 0));
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_final() {
    let body = Body::Rejected {
        retcode: 10_019,
        message: "not enough money".to_owned(),
    };
    assert_eq!(place(&[Reject]).await, (body, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_order_that_may_have_been_executed_is_asked_about_and_not_sent_again() {
    // One order, one question.
    assert_eq!(place(&[HangAfterExecuting]).await, (filled(1, true), 2, 1));
    let body = not_executed("the terminal does not know this order");
    assert_eq!(place(&[HangBeforeExecuting]).await, (body, 2, 0));
}

#[tokio::test(start_paused = true)]
async fn asking_may_be_repeated_however_the_terminal_fails() {
    let faults = [HangAfterExecuting, Refuse, HangBeforeExecuting, Refuse];
    assert_eq!(place(&faults).await, (filled(1, true), 5, 1));
}

#[tokio::test(start_paused = true)]
async fn where_asking_fails_too_the_outcome_is_unknown() {
    let mut faults = vec![HangAfterExecuting];
    faults.extend([Refuse; 6]);
    let body = Body::Unknown {
        message: "the terminal could not be asked: the terminal is not connected".to_owned(),
    };
    assert_eq!(place(&faults).await, (body, 7, 1));
}
