//! The checker finds what is wrong: sound evidence with one thing changed at a time.

use serde_json::{Value, json};

use super::Rule::{
    AnswerLost, Contradicted, DoneNotExecuted, ExecutedTwice, ExecutionNotDone, LeftOpen, Limbo,
    NoAnswer, NotExecutedExecuted, NotWhatWasSent, OtherTaken, RejectedExecuted, SharedTicket,
    ToldNotExecuted, ToldOtherwise,
};
use super::{Evidence, Rule};
use crate::ledger::{Order, State};
use crate::terminal::Execution;
use crate::told::{Asked, Heard, Told};

fn order(id: &str) -> Value {
    json!({"client_order_id": id, "type": "OP_BUY", "symbol": "EURUSD", "volume": "0.10", "price": "1.09", "magic": 7})
}

fn filled(ticket: u64) -> Value {
    json!({"status": "FILLED", "ticket": ticket, "volume": "0.10", "price": "1.08", "attempts": 1, "reconciled": false})
}

fn told(order: &str, asked: Asked, reply: Value) -> Told {
    Told {
        order: order.to_owned(),
        asked,
        reply,
    }
}

fn executed(id: &str, ticket: u64) -> Execution {
    Execution {
        ticket,
        taken: "DONE".to_owned(),
        volume: "0.10".to_owned(),
        price: "1.08".to_owned(),
        order: order(id),
        at: 0,
    }
}

fn kept(state: State, answer: Option<&Value>) -> Order {
    Order {
        state,
        payload: b"{}".to_vec(),
        answer: answer.map(|answer| serde_json::to_vec(answer).unwrap()),
    }
}

fn status(status: &str) -> Value {
    json!({"status": status, "message": "m"})
}

/// `a` was unknown and is filled, `b` rejected, `c` not executed, `d` not executed and never registered.
fn sound() -> Evidence {
    use Asked::{Send, SendOther, Status};
    let heard = Heard {
        sent: ["a", "b", "c", "d"]
            .map(|id| (id.to_owned(), order(id)))
            .into(),
        told: vec![
            told("a", Send, status("UNKNOWN")),
            told("b", Send, status("REJECTED")),
            told("a", Status, filled(1)),
            told("c", Send, status("NOT_EXECUTED")),
            told("a", Send, filled(1)),
            told("a", SendOther, status("ERROR")),
            told("b", Status, status("REJECTED")),
            told("d", Status, status("NOT_EXECUTED")),
        ],
        without_reply: 0,
    };
    let ledger = [
        ("a", kept(State::Done, Some(&filled(1)))),
        ("b", kept(State::Rejected, Some(&status("REJECTED")))),
        ("c", kept(State::Reserved, None)),
    ];
    Evidence {
        heard,
        ledger: ledger.map(|(id, order)| (id.to_owned(), order)).into(),
        log: vec![executed("a", 1)],
    }
}

fn tell(evidence: &mut Evidence, order: &str, reply: Value) {
    let told = told(order, Asked::Status, reply);
    evidence.heard.told.push(told);
}

fn keep(evidence: &mut Evidence, id: &str, order: Order) {
    evidence.ledger.insert(id.to_owned(), order);
}

/// What has to be found when `change` was made.
fn finds(change: impl Fn(&mut Evidence), expected: &[(Rule, &str)]) {
    let mut evidence = sound();
    change(&mut evidence);
    let found = evidence.violations();
    let found: Vec<_> = found
        .iter()
        .map(|violation| (violation.rule, violation.order.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn what_is_sound_is_found_sound() {
    finds(|_| {}, &[]);
}

#[test]
fn executions_that_must_not_be_are_found() {
    finds(|it| it.log.push(executed("a", 2)), &[(ExecutedTwice, "a")]);
    finds(
        |it| it.log.push(executed("x", 2)),
        &[(NotWhatWasSent, "x"), (ExecutionNotDone, "x")],
    );
    finds(
        |it| it.log[0].order["magic"] = 8.into(),
        &[(NotWhatWasSent, "a")],
    );
    finds(
        |it| {
            it.heard.sent.insert("e".to_owned(), order("e"));
            it.log.push(executed("e", 1));
            tell(it, "e", filled(1));
            keep(it, "e", kept(State::Done, Some(&filled(1))));
        },
        &[(SharedTicket, "e")],
    );
}

#[test]
fn an_order_that_waited_and_was_filled_was_executed_once() {
    let waited = |it: &mut Evidence| {
        it.log[0].taken = "PLACED".to_owned();
        it.log.push(executed("a", 1));
    };
    finds(waited, &[]);
    finds(
        |it| {
            waited(it);
            it.log.push(executed("a", 1));
        },
        &[(ExecutedTwice, "a")],
    );
    finds(|it| it.log.push(executed("a", 1)), &[(ExecutedTwice, "a")]);
    finds(
        |it| {
            it.log.insert(0, it.log[0].clone());
            it.log[0].taken = "PLACED".to_owned();
            it.log[1].ticket = 2;
        },
        &[(ExecutedTwice, "a"), (ToldOtherwise, "a")],
    );
}

#[test]
fn what_was_told_as_executed_is_in_the_log_and_in_the_ledger() {
    finds(
        |it| it.log.clear(),
        &[(DoneNotExecuted, "a"), (ToldNotExecuted, "a")],
    );
    let others: [fn(&mut Execution); 4] = [
        |it| it.ticket = 2,
        |it| it.taken = "PARTIAL".to_owned(),
        |it| it.volume = "0.20".to_owned(),
        |it| it.price = "1.09".to_owned(),
    ];
    for other in others {
        finds(|it| other(&mut it.log[0]), &[(ToldOtherwise, "a")]);
    }
    finds(
        |it| keep(it, "a", kept(State::Done, Some(&filled(2)))),
        &[(AnswerLost, "a")],
    );
    for state in [State::Reserved, State::Rejected] {
        finds(
            |it| keep(it, "a", kept(state, None)),
            &[(ExecutionNotDone, "a"), (AnswerLost, "a")],
        );
    }
    finds(
        |it| it.ledger.clear(),
        &[
            (ExecutionNotDone, "a"),
            (AnswerLost, "a"),
            (AnswerLost, "b"),
        ],
    );
}

#[test]
fn what_was_told_as_not_executed_is_not_in_the_log() {
    finds(
        |it| it.log.push(executed("b", 2)),
        &[(ExecutionNotDone, "b"), (RejectedExecuted, "b")],
    );
    for id in ["c", "d"] {
        finds(
            |it| {
                it.log.push(executed(id, 2));
                keep(it, id, kept(State::Done, Some(&filled(2))));
            },
            &[(NotExecutedExecuted, id)],
        );
    }
    finds(
        |it| keep(it, "b", kept(State::Reserved, None)),
        &[(AnswerLost, "b")],
    );
}

#[test]
fn nothing_is_left_open() {
    finds(|it| keep(it, "c", kept(State::Sent, None)), &[(Limbo, "c")]);
    finds(
        |it| keep(it, "c", kept(State::Unknown, Some(&status("UNKNOWN")))),
        &[(Limbo, "c")],
    );
    finds(
        |it| keep(it, "c", kept(State::Done, Some(&filled(2)))),
        &[(DoneNotExecuted, "c")],
    );
    finds(|it| tell(it, "c", status("UNKNOWN")), &[(LeftOpen, "c")]);
    finds(
        |it| it.heard.told.retain(|told| told.order != "d"),
        &[(LeftOpen, "d")],
    );
}

#[test]
fn what_is_told_later_does_not_contradict() {
    // A final answer stays; the log and the ledger find some of these too.
    finds(
        |it| tell(it, "a", status("IN_PROGRESS")),
        &[(Contradicted, "a"), (LeftOpen, "a")],
    );
    finds(
        |it| tell(it, "a", filled(2)),
        &[(ToldOtherwise, "a"), (AnswerLost, "a"), (Contradicted, "a")],
    );
    finds(
        |it| tell(it, "a", status("NOT_EXECUTED")),
        &[(NotExecutedExecuted, "a"), (Contradicted, "a")],
    );
    finds(
        |it| tell(it, "b", status("NOT_EXECUTED")),
        &[(Contradicted, "b")],
    );
    finds(
        |it| tell(it, "b", filled(1)),
        &[
            (ToldNotExecuted, "b"),
            (AnswerLost, "b"),
            (Contradicted, "b"),
        ],
    );
    // Not executed, and sent again: no contradiction.
    finds(
        |it| {
            it.log.push(executed("c", 2));
            tell(it, "c", filled(2));
            keep(it, "c", kept(State::Done, Some(&filled(2))));
        },
        &[],
    );
}

#[test]
fn answers_are_what_was_asked_for() {
    finds(
        |it| {
            let error = told("c", Asked::Status, status("ERROR"));
            it.heard.told.insert(0, error);
        },
        &[(NoAnswer, "c")],
    );
    finds(
        |it| it.heard.told.push(told("a", Asked::SendOther, filled(1))),
        &[(OtherTaken, "a")],
    );
}
