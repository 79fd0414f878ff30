//! An order is executed at most once, whatever is said how often, by whom, and after which end.

use serde_json::json;

use super::{REJECT, bench, filled, not_executed, order, order_of, question, rejected};
use crate::paper::Fault::{self, Refuse};
use crate::paper::Fault::{Answer, ExecuteAndAnswer, HangBeforeExecuting};
use crate::protocol::{Body, Request};
use crate::retcode::{Meaning, Retcode};

#[tokio::test(start_paused = true)]
async fn the_same_order_again_gets_the_same_answer_and_goes_nowhere() {
    for (faults, answer, executions) in
        [(vec![], filled(1, false), 1), (vec![REJECT], rejected(), 0)]
    {
        let bench = bench(&faults);
        for _ in 0..3 {
            assert_eq!(bench.place().await, (answer.clone(), 1, executions));
        }
        assert_eq!(bench.ask(question()).await, answer);
        assert_eq!(bench.terminal.calls(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn another_order_under_the_same_id_is_refused() {
    let bench = bench(&[]);
    bench.place().await;
    let Body::Error { message } = bench.ask(order_of("o-1", "1.08426")).await else {
        panic!("taken");
    };
    assert_eq!(
        message,
        "this client order id belongs to another order; write a new one"
    );
    assert_eq!((bench.terminal.calls(), bench.terminal.log().len()), (1, 1));
    // The same amounts, written differently, are the same order.
    assert_eq!(
        bench.ask(order_of("o-1", "1.084250")).await,
        filled(1, false)
    );
}

#[tokio::test(start_paused = true)]
async fn an_order_that_was_certainly_not_executed_may_come_again() {
    let bench = bench(&[HangBeforeExecuting]);
    let unknown = not_executed("the terminal does not know this order");
    assert_eq!(bench.place().await, (unknown, 2, 0));
    let asked = not_executed("the order was not sent");
    assert_eq!(bench.ask(question()).await, asked);
    assert_eq!(bench.place().await, (filled(1, false), 3, 1));
}

#[tokio::test(start_paused = true)]
async fn an_order_that_waits_for_its_price_keeps_it_unless_the_terminal_says_that_it_has_moved() {
    // To sell for more than the market gives: it waits.
    for faults in [vec![], vec![Refuse], vec![Answer(Retcode(10_024)), Refuse]] {
        let bench = bench(&faults);
        let Body::Placed(took) = bench.ask(order_of("o-1", "1.10")).await else {
            panic!("{faults:?}: not placed");
        };
        assert_eq!(took.price.to_string(), "1.10", "{faults:?}");
    }
    let bench = bench(&[Fault::REQUOTE]);
    let Body::Filled(took) = bench.ask(order_of("o-1", "1.0843")).await else {
        panic!("not filled");
    };
    assert_eq!(took.price.to_string(), "1.08428");
}

#[tokio::test(start_paused = true)]
async fn an_order_that_nobody_has_heard_of_may_still_come() {
    let bench = bench(&[]);
    let told = bench.ask(question()).await;
    assert!(matches!(told, Body::NotFound { .. }), "{told:?}");
    assert_eq!(bench.terminal.calls(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_settled_order_is_told_to_two_at_a_time() {
    // It waits, so that the terminal is asked each time.
    let bench = bench(&[]);
    let placed = bench.ask(order_of("o-1", "1.10")).await;
    assert!(matches!(placed, Body::Placed(_)), "{placed:?}");
    let both = tokio::join!(bench.ask(question()), bench.ask(question()));
    assert_eq!(both, (placed.clone(), placed));
}

#[tokio::test(start_paused = true)]
async fn two_at_a_time_are_one_order() {
    let bench = bench(&[]);
    let (first, second) = tokio::join!(bench.ask(order()), bench.ask(order()));
    let told = [first, second];
    assert!(told.contains(&filled(1, false)), "{told:?}");
    assert!(
        told.iter()
            .any(|body| matches!(body, Body::InProgress { .. })),
        "{told:?}"
    );
    assert_eq!(bench.terminal.log().len(), 1);
}

/// What the codes of one meaning come to: the body, the calls, the executions.
async fn answers(meaning: Meaning, fault: fn(Retcode) -> Fault) -> Vec<(u32, Body, u64, usize)> {
    let mut answers = Vec::new();
    for code in (10_000..10_050).filter(|code| Retcode(*code).meaning() == meaning) {
        let (body, calls, executions) = bench(&[fault(Retcode(code))]).place().await;
        answers.push((code, body, calls, executions));
    }
    answers
}

#[tokio::test(start_paused = true)]
async fn each_return_code_is_treated_as_what_it_means() {
    for meaning in [Meaning::NewPrice, Meaning::Later] {
        for (code, body, calls, executions) in answers(meaning, Answer).await {
            let Body::Filled(took) = body else {
                panic!("{code}: {body:?}");
            };
            assert_eq!((took.attempts, calls, executions), (2, 2, 1), "{code}");
        }
    }
    for (code, body, calls, executions) in answers(Meaning::Refused, Answer).await {
        assert!(
            matches!(body, Body::Rejected { retcode, .. } if retcode == code),
            "{body:?}"
        );
        assert_eq!((calls, executions), (1, 0), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_a_code_says_nothing_the_terminal_is_asked_and_the_order_is_never_sent_again() {
    let codes: Vec<u32> = answers(Meaning::Unknown, Answer)
        .await
        .into_iter()
        .map(|(code, body, calls, executions)| {
            let unknown = not_executed("the terminal does not know this order");
            assert_eq!((body, calls, executions), (unknown, 2, 0), "{code}");
            code
        })
        .collect();
    // The four of the reference, and whatever it does not have.
    assert!(
        [10_011, 10_012, 10_023, 10_031, 10_037, 10_005]
            .iter()
            .all(|code| codes.contains(code))
    );
    for (code, body, calls, executions) in answers(Meaning::Unknown, ExecuteAndAnswer).await {
        assert_eq!((body, calls, executions), (filled(1, true), 2, 1), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn positions_account_and_both_together_are_told() {
    let bench = bench(&[]);
    bench.place().await;
    bench.ask(order_of("o-2", "1.05")).await;
    let ask = async |request: serde_json::Value| match bench
        .ask(Request::parse(request).unwrap())
        .await
    {
        Body::Ok(facts) => *facts,
        other => panic!("{other:?}"),
    };
    let facts = ask(json!({"id": "r-1", "action": "POSITIONS", "magic": 202_401})).await;
    assert_eq!(facts.positions.map(|positions| positions.len()), Some(2));
    let facts = ask(json!({"id": "r-1", "action": "POSITIONS", "magic": 7})).await;
    assert_eq!(facts.positions, Some(Vec::new()));
    let facts = ask(json!({"id": "r-1", "action": "ACCOUNT"})).await;
    assert_eq!(
        facts.account.map(|account| account.balance.to_string()),
        Some("1000000.00".to_owned())
    );
    let sync = json!({"id": "r-1", "action": "SYNC_ALL", "magic_number": 202_401,
        "timestamp": "2026-01-05T09:30:00Z", "symbols": ["GBPUSD"]});
    let facts = ask(sync).await;
    assert_eq!(facts.message.as_deref(), Some("0 open positions asked for"));
    assert!(crate::protocol::Portfolio::try_from(facts).is_ok());
}
