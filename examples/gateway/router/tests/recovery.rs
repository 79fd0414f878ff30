//! What a new start makes of what it finds in the ledger and at the terminal.

use super::{Bench, REJECT, bench, filled, order_of, rejected};
use crate::ledger::{Ledger, Settings};
use crate::paper::Fault::{HangAfterExecuting, Refuse};
use crate::paper::{PaperTerminal, Schedule};
use crate::protocol::{Action, Body, Order, Request};
use crate::router::Router;
use crate::router::recover::{RecoverError, Recovered};
use crate::terminal::Terminal as _;
use std::sync::Arc;

/// The same ledger and terminal, as a new start finds them.
async fn restarted(bench: Bench) -> (Bench, Recovered) {
    let bench = started_in(bench, "ledger").await;
    let recovered = bench.router.recover().await.unwrap();
    (bench, recovered)
}

/// The same terminal behind a router whose ledger is in `name`; nothing is held against it yet.
async fn started_in(bench: Bench, name: &str) -> Bench {
    let ledger = Arc::into_inner(bench.router.ledger).expect("one owner");
    ledger.close().await;
    let (ledger, _) =
        Ledger::open(&bench.directory.path().join(name), Settings::default()).unwrap();
    Bench {
        router: Router::new(Arc::clone(&bench.terminal), Arc::new(ledger)),
        ..bench
    }
}

/// What the ledger knows an order by.
fn the_order(request: Request) -> (Order, Vec<u8>) {
    let Action::OrderSend(order) = request.action else {
        panic!("no order");
    };
    let payload = serde_json::to_vec(&order).unwrap();
    (order, payload)
}

#[tokio::test(start_paused = true)]
async fn a_new_start_asks_about_what_was_sent_and_leaves_what_was_not_to_its_client() {
    // Executed, its answer lost, and the terminal out of reach when it is asked: unknown.
    let bench = bench(&[HangAfterExecuting, Refuse, Refuse]);
    assert!(matches!(bench.place().await, (Body::Unknown { .. }, 3, 1)));
    let payload = |id: &str| the_order(order_of(id, "1.08425")).1;
    // Two more that the end came between: one before it left, one right after.
    for id in ["o-2", "o-3"] {
        let ledger = &bench.router.ledger;
        ledger
            .check_and_register(id, &payload(id), 1)
            .await
            .unwrap();
    }
    bench.router.ledger.mark_sent("o-3", 2).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let (bench, recovered) = restarted(bench).await;
    let expected = Recovered {
        executed: 1,
        released: 1,
        not_sent: 1,
        ..Recovered::default()
    };
    assert_eq!(recovered, expected);
    assert_eq!(
        recovered.to_string(),
        "orders found unsettled: 1 executed, 1 not executed, 1 not sent, 0 unknown"
    );
    assert_eq!(bench.place().await.0, filled(1, true));
    assert_eq!(bench.terminal.log().len(), 1);
    for id in ["o-2", "o-3"] {
        let again = bench.ask(order_of(id, "1.08425")).await;
        assert!(matches!(again, Body::Filled(_)), "{again:?}");
    }
    assert_eq!(bench.terminal.log().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_was_answered_is_answered_after_a_new_start_too() {
    let bench = bench(&[]);
    bench.place().await;
    let (bench, recovered) = restarted(bench).await;
    assert_eq!(recovered, Recovered::default());
    // One call for the order, one for the history.
    assert_eq!(bench.place().await, (filled(1, false), 2, 1));
}

#[tokio::test(start_paused = true)]
async fn what_only_the_terminal_knows_is_adopted_and_not_executed_again() {
    let bench = bench(&[]);
    bench.place().await;
    // One that waits: it is no position yet, and would be executed twice all the same.
    let waiting = bench.ask(order_of("o-2", "1.10")).await;
    assert!(matches!(waiting, Body::Placed(_)));
    let bench = started_in(bench, "another").await;
    let adopted = Recovered {
        adopted: 2,
        ..Recovered::default()
    };
    assert_eq!(bench.router.recover().await.unwrap(), adopted);
    // A second time there is nothing to do.
    assert_eq!(bench.router.recover().await.unwrap(), Recovered::default());
    assert_eq!(bench.place().await.0, filled(1, true));
    assert!(matches!(
        bench.ask(order_of("o-2", "1.10")).await,
        Body::Placed(took) if took.reconciled
    ));
    // Its price may be told differently by the terminal; what it is may not.
    assert_eq!(bench.ask(order_of("o-1", "1.09")).await, filled(1, true));
    let mut other = order_of("o-1", "1.08425");
    if let Action::OrderSend(order) = &mut other.action {
        order.volume = "0.20".parse().unwrap();
    }
    assert!(matches!(bench.ask(other).await, Body::Error { .. }));
    assert_eq!(bench.terminal.log().len(), 2);
    let (_, recovered) = restarted(bench).await;
    assert_eq!(recovered, Recovered::default());
}

#[tokio::test(start_paused = true)]
async fn more_orders_than_are_adopted_at_a_time_are_all_adopted() {
    let bench = bench(&[]);
    for number in 0..300 {
        let (order, _) = the_order(order_of(&format!("o-{number}"), "1.08425"));
        bench.terminal.send(&order, order.price).await.unwrap();
    }
    let adopted = bench.router.recover().await.unwrap().adopted;
    assert_eq!(adopted, 300);
    let entries = (0..300).filter_map(|number| bench.router.ledger.get(&format!("o-{number}")));
    assert_eq!(entries.filter(|entry| entry.state.is_final()).count(), 300);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_the_terminal_executed_is_executed_whatever_the_ledger_says() {
    let bench = bench(&[REJECT]);
    // Told to be rejected, and there all the same; executed twice; executed while it was only reserved.
    assert_eq!(bench.place().await.0, rejected());
    for id in ["o-1", "o-2", "o-2", "o-3"] {
        let (order, payload) = the_order(order_of(id, "1.08425"));
        if id == "o-3" {
            let ledger = &bench.router.ledger;
            ledger.check_and_register(id, &payload, 1).await.unwrap();
        }
        bench.terminal.send(&order, order.price).await.unwrap();
    }
    let expected = Recovered {
        executed: 1,
        adopted: 1,
        contradicted: 2,
        ..Recovered::default()
    };
    let recovered = bench.router.recover().await.unwrap();
    assert_eq!(recovered, expected);
    assert_eq!(
        recovered.to_string(),
        "orders found unsettled: 1 executed, 0 not executed, 0 not sent, 0 unknown; adopted from the terminal: 1; \
         contradicted by the terminal: 2"
    );
    let again = bench.ask(order_of("o-3", "1.08425")).await;
    assert!(
        matches!(&again, Body::Filled(took) if took.ticket == 5_001_004),
        "{again:?}"
    );
    assert_eq!(bench.terminal.log().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn what_was_filled_and_is_gone_from_the_terminal_is_told() {
    let mut bench = bench(&[]);
    let path = bench.directory.path().join("terminal.log");
    let open = || Arc::new(PaperTerminal::open(Schedule::healthy(), &path).unwrap());
    bench.terminal = open();
    let (mut bench, _) = restarted(bench).await;
    for (id, price) in [("o-1", "1.08425"), ("o-2", "1.10"), ("o-3", "1.08425")] {
        bench.ask(order_of(id, price)).await;
    }
    let lines = std::fs::read_to_string(&path).unwrap();
    let last = lines.lines().last().unwrap();
    // Of those that it had, it has none, or only the last one: the first may be older than what it keeps. The second was
    // not filled, and may have been cancelled.
    for (log, contradicted) in [(String::new(), 2), (format!("{last}\n"), 0)] {
        std::fs::write(&path, &log).unwrap();
        bench.terminal = open();
        let (again, recovered) = restarted(bench).await;
        bench = again;
        let expected = Recovered {
            contradicted,
            ..Recovered::default()
        };
        assert_eq!(recovered, expected, "{log}");
    }
    // One in the middle is not.
    let first = lines.lines().next().unwrap();
    bench.ask(order_of("o-4", "1.08425")).await;
    let all = std::fs::read_to_string(&path).unwrap();
    let newest = all.lines().last().unwrap();
    std::fs::write(&path, format!("{first}\n{newest}\n")).unwrap();
    bench.terminal = open();
    let recovered = restarted(bench).await.1;
    assert_eq!(recovered.contradicted, 1);
}

#[tokio::test(start_paused = true)]
async fn another_traders_order_with_the_same_comment_is_not_ours() {
    let bench = bench(&[]);
    let (mut foreign, payload) = the_order(order_of("o-1", "1.08425"));
    foreign.magic = 7;
    bench.terminal.send(&foreign, foreign.price).await.unwrap();
    let ledger = &bench.router.ledger;
    ledger.check_and_register("o-1", &payload, 1).await.unwrap();
    ledger.mark_sent("o-1", 2).await.unwrap();
    let expected = Recovered {
        released: 1,
        ..Recovered::default()
    };
    assert_eq!(bench.router.recover().await.unwrap(), expected);
}

#[tokio::test(start_paused = true)]
async fn where_the_terminal_cannot_be_asked_nobody_is_served() {
    let bench = bench(&[Refuse; 3]);
    let error = bench.router.recover().await.unwrap_err();
    assert!(matches!(&error, RecoverError::Terminal(_)), "{error}");
    assert!(
        error.to_string().starts_with(
            "cannot hold the ledger against the terminal: `terminal.history` rejected: "
        ),
        "{error}"
    );
}
