//! Orders that are not handed over: what do their clients and the breaker hear of that?

use serde_json::json;
use wait_or_die::breaker::State;

use super::{bench, filled, millis, question, state};
use crate::paper::Fault::{self, Refuse};
use crate::protocol::{Body, Request};

const OVER: (&str, &str) = ("valid_until", "2026-01-05T09:30:00Z");
const OTHER: (&str, &str) = ("client_order_id", "o-2");

fn over() -> Body {
    Body::Rejected {
        retcode: 0,
        message: "its time had passed before it was sent".to_owned(),
    }
}

fn with(fields: &[(&str, &str)]) -> Request {
    let mut order = json!({
        "id": "r-1", "action": "ORDER_SEND", "client_order_id": "o-1", "type": "OP_SELL",
        "symbol": "EURUSD", "volume": "0.10", "price": "1.09", "magic": 202_401
    });
    for (field, value) in fields {
        order[*field] = json!(value);
    }
    Request::parse(order).unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_order_follows_the_market_as_far_as_it_allows() {
    // It would be sold at 1.08428 after the requote, for 0.00572 less: half a percent is 0.00545.
    let bench = bench(&[Fault::REQUOTE]);
    let Body::NotExecuted { message, .. } = bench.ask(with(&[("price", "1.09")])).await else {
        panic!("sold");
    };
    assert_eq!(message, "the price has moved too far, to 1.08428");
    assert_eq!((bench.terminal.calls(), bench.terminal.log().len()), (1, 0));
    for (deviation, executions) in [("0.00572", 1), ("0.00571", 0)] {
        let bench = self::bench(&[Fault::REQUOTE]);
        bench.ask(with(&[("deviation", deviation)])).await;
        assert_eq!(bench.terminal.log().len(), executions, "{deviation}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_time_has_passed_is_not_sent_and_never_will_be() {
    let bench = bench(&[]);
    assert_eq!(bench.ask(with(&[OVER])).await, over());
    assert_eq!(bench.ask(question()).await, over());
    assert_eq!(bench.terminal.calls(), 0);
    let bench = self::bench(&[]);
    let placed = bench
        .ask(with(&[("valid_until", "2999-01-05T09:30:00Z")]))
        .await;
    assert!(matches!(placed, Body::Placed(_)), "{placed:?}");
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_time_has_passed_is_no_probe_that_was_answered() {
    let bench = bench(&[Refuse; 3]);
    assert_eq!(bench.turned_away().await, (1000, 3));
    millis(1000).await;
    assert_eq!(bench.ask(with(&[OTHER, OVER])).await, over());
    assert_eq!((bench.terminal.calls(), state()), (3, State::HalfOpen));
    assert_eq!(bench.place().await, (filled(1, false), 4, 1));
    assert_eq!(state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_time_has_passed_does_not_end_a_row_of_failures() {
    let bench = bench(&[Refuse; 3]);
    let (turned_away, told) = tokio::join!(bench.turned_away(), async {
        // The first failure comes after 8 ms.
        millis(9).await;
        bench.ask(with(&[OTHER, OVER])).await
    });
    assert_eq!((turned_away, told), ((1000, 3), over()));
}

#[tokio::test(start_paused = true)]
async fn an_order_without_a_price_to_leave_at_does_not_end_a_row_of_failures() {
    // The market is too far away, or there is none.
    for why in [("price", "1.09"), ("symbol", "DOGUSD")] {
        let bench = bench(&[Fault::REQUOTE, Refuse, Refuse, Refuse]);
        let (told, turned_away) = tokio::join!(bench.ask(with(&[OTHER, why])), async {
            // After the requote.
            millis(9).await;
            bench.turned_away().await
        });
        assert_eq!(turned_away, (1000, 4), "{why:?}");
        assert!(matches!(told, Body::NotExecuted { .. }), "{told:?}");
    }
}
