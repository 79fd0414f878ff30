//! Ten thousand orders through a terminal of which every second call fails, with new starts in between, under a paused
//! clock. Each reply is held against the terminal's own log when it comes, and all of them at the end. One seed is one run.

mod run;
mod trader;

use std::collections::BTreeMap;

use crate::ledger::State;
use crate::paper::Execution;
use crate::protocol::{Body, Took};
use crate::terminal::Taken;
use run::{Known, Run};
use trader::Trader;

const ORDERS: usize = 10_000;

async fn run(seed: u64, orders: usize) -> Run {
    let mut trader = Trader::new(seed).await;
    while trader.orders() < orders {
        trader.step().await;
    }
    trader.settle().await;
    trader.into_run()
}

/// Whether these are the executions of one order: one, or that it waits and how it was filled then.
fn is_one_order(executions: &[Execution]) -> bool {
    match executions {
        [_] => true,
        [waits, filled] => {
            let one = waits.ticket == filled.ticket && waits.order == filled.order;
            one && waits.taken == Taken::Placed && filled.taken != Taken::Placed
        }
        _ => false,
    }
}

/// Whether `now` tells of an order that it waited, as `before` did, and was filled since.
fn has_been_filled(before: &Body, now: &Body) -> bool {
    match (before, now) {
        (Body::Placed(waited), Body::Filled(took) | Body::Partial(took)) => {
            waited.ticket == took.ticket
        }
        _ => false,
    }
}

/// Whether the answer is about one of these executions.
fn is_told(body: &Body, executions: &[Execution]) -> bool {
    let (taken, took) = match body {
        Body::Filled(took) => (Taken::Done, took),
        Body::Partial(took) => (Taken::Partial, took),
        Body::Placed(took) => (Taken::Placed, took),
        _ => return false,
    };
    let Took {
        ticket,
        volume,
        price,
        ..
    } = *took;
    executions
        .iter()
        .any(|it| (it.taken, it.ticket, it.volume, it.price) == (taken, ticket, volume, price))
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_orders_are_executed_once_or_certainly_not() {
    let run = run(7, ORDERS).await;
    let mut by_order = BTreeMap::<_, Vec<_>>::new();
    for execution in &run.log {
        let id = execution.order.client_order_id.clone();
        by_order.entry(id).or_default().push(execution.clone());
    }
    for order in &run.orders {
        let executions = by_order.remove(&order.id).unwrap_or_default();
        let name = order.id.as_str();
        match &order.known {
            Known::Answered(body @ Body::Rejected { .. }) => {
                assert!(executions.is_empty(), "{name}: {body:?}, {executions:?}");
                assert_eq!(order.kept, Some(State::Rejected), "{name}");
            }
            Known::Answered(body) => {
                assert!(is_one_order(&executions), "{name}: {executions:?}");
                assert!(
                    is_told(body, &executions),
                    "{name}: {body:?}, {executions:?}"
                );
                assert_eq!(order.kept, Some(State::Done), "{name}");
            }
            Known::NotExecuted => {
                assert!(executions.is_empty(), "{name}: {executions:?}");
                let open = [None, Some(State::Reserved)];
                assert!(open.contains(&order.kept), "{name}: {:?}", order.kept);
            }
            Known::Unsure => panic!("{name} is left open"),
        }
    }
    assert!(by_order.is_empty(), "nobody sent these: {by_order:?}");
    assert_eq!(run.orders.len(), ORDERS);
    run.met_what_it_is_for();
}

#[tokio::test(start_paused = true)]
async fn one_seed_is_one_run() {
    let of_seed = async |seed| run(seed, ORDERS / 10).await;
    let first = of_seed(7).await;
    // The whole of it: every answer and when it came, the calls made until then, every execution.
    assert!(first == of_seed(7).await);
    let other = of_seed(8).await;
    assert!(first.told != other.told && first.log != other.log);
}
