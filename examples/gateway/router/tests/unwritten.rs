//! What is told where the ledger cannot be written.

use std::fs;
use std::path::PathBuf;

use super::{Bench, REJECT, bench, filled, millis, order, order_of, question};
use crate::ledger::State::{Sent, Unknown};
use crate::paper::Fault::{HangAfterExecuting, Refuse};
use crate::protocol::{Action, Body};
use crate::router::recover::RecoverError;
use crate::terminal::Terminal as _;

/// Takes the ledger's log away until it is dropped.
struct Away(PathBuf);

impl Away {
    fn take(bench: &Bench) -> Self {
        let away = Self(bench.directory.path().join("ledger"));
        fs::rename(away.0.join("orders.log"), away.0.join("away")).unwrap();
        away
    }
}

impl Drop for Away {
    fn drop(&mut self) {
        fs::rename(self.0.join("away"), self.0.join("orders.log")).unwrap();
    }
}

fn is_not_executed(body: &Body) -> bool {
    matches!(body, Body::NotExecuted { .. })
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_not_on_disk_does_not_leave() {
    let bench = bench(&[]);
    let away = Away::take(&bench);
    assert!(is_not_executed(&bench.place().await.0));
    assert_eq!(bench.terminal.calls(), 0);
    drop(away);
    assert_eq!(bench.place().await, (filled(1, false), 1, 1));
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_not_marked_as_sent_does_not_leave() {
    let bench = bench(&[]);
    let Action::OrderSend(order) = order().action else {
        panic!("no order");
    };
    let payload = serde_json::to_vec(&order).unwrap();
    let ledger = &bench.router.ledger;
    ledger.check_and_register("o-1", &payload, 1).await.unwrap();
    let away = Away::take(&bench);
    assert!(is_not_executed(&bench.router.send(&order).await));
    assert_eq!(bench.terminal.calls(), 0);
    drop(away);
    // Another one has sent it meanwhile.
    ledger.mark_sent("o-1", 2).await.unwrap();
    let told = bench.router.send(&order).await;
    assert!(matches!(told, Body::InProgress { .. }), "{told:?}");
    assert_eq!(bench.terminal.calls(), 0);
}

/// Sends the order; its log is gone when the terminal answers.
async fn answered(bench: &Bench) -> (Body, Away) {
    tokio::join!(bench.ask(order()), async {
        // Each answer takes 8 ms; registering and sending take none of the paused clock's.
        millis(4).await;
        Away::take(bench)
    })
}

/// The same, and the log is back afterwards.
async fn unwritten(bench: &Bench) -> Body {
    answered(bench).await.0
}

#[tokio::test(start_paused = true)]
async fn what_was_executed_is_told_and_found_again_at_the_terminal() {
    let bench = bench(&[]);
    assert_eq!(unwritten(&bench).await, filled(1, false));
    for request in [question(), order()] {
        assert_eq!(bench.ask(request).await, filled(1, true));
    }
    assert_eq!(bench.terminal.log().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_comes_again_while_nothing_can_be_written_is_asked_about() {
    // Its answer could not be written: it is SENT.
    let bench = bench(&[]);
    let (told, _away) = answered(&bench).await;
    assert_eq!(told, filled(1, false));
    assert_eq!(bench.router.ledger.state("o-1"), Some(Sent));
    assert_eq!(bench.place().await, (filled(1, true), 2, 1));

    // Its answer was lost, and the terminal out of reach: it is UNKNOWN, and the breaker is open for a second.
    let bench = self::bench(&[HangAfterExecuting, Refuse, Refuse]);
    assert!(matches!(bench.place().await, (Body::Unknown { .. }, 3, 1)));
    let _away = Away::take(&bench);
    let (told, calls, _) = bench.place().await;
    let is_unknown = |body: &Body| {
        matches!(
            body,
            Body::Unknown {
                retry_after_ms: Some(1000),
                ..
            }
        )
    };
    assert!(is_unknown(&told), "{told:?}");
    assert_eq!(calls, 3);
    assert_eq!(bench.router.ledger.state("o-1"), Some(Unknown));
    // Under the same id, but not the same.
    let other = bench.ask(order_of("o-1", "1.08426")).await;
    assert!(matches!(other, Body::Error { .. }), "{other:?}");
    millis(1000).await;
    assert_eq!(bench.place().await, (filled(1, true), 4, 1));
}

#[tokio::test(start_paused = true)]
async fn a_rejection_that_cannot_be_kept_is_not_promised() {
    let bench = bench(&[REJECT]);
    let told = unwritten(&bench).await;
    assert!(is_not_executed(&told), "{told:?}");
    // Nothing contradicts that: it was not executed, and may come again.
    assert!(is_not_executed(&bench.ask(order()).await));
    assert_eq!(bench.ask(order()).await, filled(1, false));
}

#[tokio::test(start_paused = true)]
async fn a_start_that_cannot_write_what_it_finds_serves_nobody() {
    for adopted in [false, true] {
        let bench = bench(&[]);
        let Action::OrderSend(order) = order_of("o-1", "1.08425").action else {
            panic!("no order");
        };
        if !adopted {
            let payload = serde_json::to_vec(&order).unwrap();
            let ledger = &bench.router.ledger;
            ledger.check_and_register("o-1", &payload, 1).await.unwrap();
        }
        bench.terminal.send(&order, order.price).await.unwrap();
        let away = Away::take(&bench);
        let error = bench.router.recover().await.unwrap_err();
        assert!(matches!(error, RecoverError::Ledger(_)), "{error}");
        drop(away);
        bench.router.recover().await.unwrap();
        assert!(matches!(bench.place().await.0, Body::Filled(_)));
        assert_eq!(bench.terminal.log().len(), 1);
    }
}
