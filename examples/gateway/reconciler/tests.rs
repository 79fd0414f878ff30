//! The gate against a gateway that is scripted, and against the real one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use wait_or_die::halt::{self, Reason};
use wait_or_die::testing;

use super::{StateReconciler, SyncError, check};
use crate::client::Client;
use crate::ledger::{Ledger, Settings};
use crate::listener;
use crate::paper::{PaperTerminal, Schedule};
use crate::protocol::{Action, Body, Name, Order, Portfolio, Reply, Request, SyncRequest};
use crate::router::Router;
use crate::service::Service;

const MAGIC: u64 = 202_401;

/// A socket that answers each request with what `answer` makes of it; nothing stands for silence.
fn scripted(
    answer: impl Fn(usize, &Value) -> Option<Value> + Send + 'static,
) -> (String, Arc<Mutex<Vec<Value>>>) {
    let context = zmq::Context::new();
    let socket = context.socket(zmq::ROUTER).unwrap();
    socket.set_linger(0).unwrap();
    socket.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = socket.get_last_endpoint().unwrap().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    std::thread::spawn(move || {
        while let Ok(parts) = socket.recv_multipart(0) {
            let request: Value = serde_json::from_slice(&parts[2]).unwrap();
            let number = {
                let mut log = log.lock().unwrap();
                log.push(request.clone());
                log.len()
            };
            if let Some(answer) = answer(number, &request) {
                let bytes = serde_json::to_vec(&answer).unwrap();
                let _ = socket.send_multipart([&parts[0][..], b"", &bytes], 0);
            }
        }
    });
    (endpoint, seen)
}

fn account() -> Value {
    json!({"balance": "10000.00", "equity": "10050.00", "margin_free": "9000.00",
        "margin_used": "1050.00", "margin_level": "957.14", "leverage": 100})
}

fn position(ticket: u64) -> Value {
    json!({"symbol": "EURUSD", "ticket": ticket, "volume": "0.10", "profit": "50.00",
        "price_current": "1.085", "price_open": "1.08", "type": "OP_BUY",
        "time_open": "2026-01-05T09:30:00.000Z", "magic": MAGIC, "client_order_id": "o-1"})
}

fn portfolio(positions: &[Value], state_version: u64) -> Portfolio {
    Portfolio {
        account: serde_json::from_value(account()).unwrap(),
        positions: positions
            .iter()
            .map(|position| serde_json::from_value(position.clone()).unwrap())
            .collect(),
        state_version,
    }
}

/// The answer of a gateway that holds this.
fn answer(request: &Value, portfolio: Portfolio) -> Value {
    let reply = Reply {
        id: Some(serde_json::from_value(request["id"].clone()).unwrap()),
        body: Body::Ok(Box::new(portfolio.facts("all of it".to_owned()))),
    };
    serde_json::to_value(reply).unwrap()
}

#[tokio::test]
async fn the_gate_opens_on_the_whole_state() {
    let _scope = testing::scope(7);
    let (endpoint, seen) =
        scripted(|_, request| Some(answer(request, portfolio(&[position(1), position(2)], 5))));
    let mut reconciler = StateReconciler::connect(&endpoint, None, MAGIC).unwrap();
    assert_eq!(
        (reconciler.sync_count(), reconciler.last_sync_time()),
        (0, None)
    );
    let state = reconciler.perform_startup_sync().await.unwrap();
    assert_eq!(state, portfolio(&[position(1), position(2)], 5));
    assert_eq!(reconciler.sync_count(), 1);
    assert!(reconciler.last_sync_time().is_some() && !halt::system().is_stopped());
    let request = seen.lock().unwrap()[0].clone();
    assert_eq!(
        (&request["action"], &request["magic_number"]),
        (&json!("SYNC_ALL"), &json!(MAGIC))
    );
    assert!(request["timestamp"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_is_asked_for_again_and_the_third_halts() {
    let _scope = testing::scope(7);
    let (endpoint, seen) = scripted(|_, request| {
        let mut wrong = answer(request, portfolio(&[position(1)], 5));
        wrong["state_version"] = json!(6);
        Some(wrong)
    });
    let mut reconciler = StateReconciler::connect(&endpoint, None, MAGIC).unwrap();
    let error = reconciler.perform_startup_sync().await.unwrap_err();
    assert!(
        matches!(&error, SyncError::SyncResponse(what) if what.starts_with("the checksum")),
        "{error}"
    );
    assert_eq!(
        (seen.lock().unwrap().len(), reconciler.sync_count()),
        (3, 0)
    );
    let report = halt::system().report().expect("halted");
    assert_eq!(
        (report.operation(), report.attempts()),
        ("reconciler.startup_sync", 3)
    );
    assert_eq!(report.reason(), Reason::Retries);
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_does_not_answer_halts_after_three_attempts_of_three_seconds() {
    let _scope = testing::scope(7);
    let (endpoint, _) = scripted(|_, _| None);
    let mut reconciler = StateReconciler::connect(&endpoint, None, MAGIC).unwrap();
    let error = reconciler.perform_startup_sync().await.unwrap_err();
    assert_eq!(error.to_string(), "no answer from the gateway: waited 3s");
    let report = halt::system().report().expect("halted");
    // Three attempts, a second between them.
    assert_eq!(
        (report.attempts(), report.elapsed()),
        (3, Duration::from_secs(11))
    );
}

#[test]
fn what_cannot_be_true_is_not_believed() {
    let everything = |magic| -> SyncRequest {
        let sync = json!({"magic_number": magic, "timestamp": "2026-01-05T09:30:00Z"});
        serde_json::from_value(sync).unwrap()
    };
    let told = |portfolio: &Portfolio, sync: &SyncRequest, version| match check(
        portfolio, sync, version,
    ) {
        Err(SyncError::SyncResponse(what)) => what,
        other => panic!("{other:?}"),
    };
    let two = portfolio(&[position(1), position(2)], 5);
    check(&two, &everything(MAGIC), 5).unwrap();
    assert_eq!(
        told(&two, &everything(MAGIC), 6),
        "it is older (version 5) than one that was seen (version 6)"
    );
    assert_eq!(
        told(&two, &everything(7), 5),
        "ticket 1 belongs to another magic number"
    );
    let twice = portfolio(&[position(1), position(1)], 5);
    assert_eq!(
        told(&twice, &everything(MAGIC), 5),
        "ticket 1 is in it twice"
    );
    let mut part = everything(MAGIC);
    part.symbols = vec!["GBPUSD".to_owned().try_into().unwrap()];
    assert_eq!(told(&two, &part, 5), "ticket 1 was not asked for");
    assert!(matches!(
        check(&two, &part, 4),
        Err(SyncError::SyncConflict { held: 4, found: 5 })
    ));
    check(&two, &everything(MAGIC), 4).unwrap();
}

#[tokio::test]
async fn a_late_answer_is_not_taken_for_that_of_another_request() {
    let _scope = testing::scope(7);
    // Every answer carries the id of the request before.
    let (endpoint, seen) = scripted(|number, request| {
        let mut late = answer(request, portfolio(&[], 5));
        if number == 1 {
            late["id"] = json!("sync-0");
        }
        Some(late)
    });
    let mut reconciler = StateReconciler::connect(&endpoint, None, MAGIC).unwrap();
    let state = reconciler.perform_startup_sync().await.unwrap();
    assert_eq!((state.positions.len(), seen.lock().unwrap().len()), (0, 2));
}

fn order(number: u32) -> Order {
    let order = json!({"client_order_id": format!("o-{number}"), "type": "OP_BUY", "volume": "0.10",
        "symbol": if number == 0 { "GBPUSD" } else { "EURUSD" }, "price": "1.30", "magic": MAGIC});
    serde_json::from_value(order).unwrap()
}

#[tokio::test]
async fn the_real_gateway_tells_what_its_terminal_holds() {
    let _scope = testing::scope(7);
    let directory = tempfile::tempdir().unwrap();
    let (ledger, _) = Ledger::open(&directory.path().join("ledger"), Settings::default()).unwrap();
    let router = Router::new(PaperTerminal::new(Schedule::healthy()), Arc::new(ledger));
    for number in 0..3 {
        let request = Request {
            id: Name::of_program("r"),
            action: Action::OrderSend(order(number)),
        };
        router.answer(request).await;
    }
    let listening = listener::listen("tcp://127.0.0.1:*", None, 1).unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let service = tokio::spawn(Service::new(listening.link, router).run(stopped));
    let mut reconciler = StateReconciler::connect(&listening.endpoint, None, MAGIC).unwrap();
    let state = reconciler.perform_startup_sync().await.unwrap();
    assert_eq!(state.positions.len(), 3);
    let mut part = reconciler.everything();
    part.symbols = vec!["GBPUSD".to_owned().try_into().unwrap()];
    let whole = state.state_version;
    let state = reconciler.sync(part.clone()).await.unwrap();
    assert_eq!((state.positions.len(), state.state_version), (1, whole));
    assert_eq!(reconciler.sync_count(), 2);
    // Another order makes another state, of which a part does not fit the whole that is held.
    let mut client = Client::connect(1, &listening.endpoint).unwrap();
    client.order(&order(3)).await;
    let error = reconciler.sync(part.clone()).await.unwrap_err();
    assert!(
        matches!(error, SyncError::SyncConflict { held, found } if held == whole && found > whole),
        "{error}"
    );
    let everything = reconciler.everything();
    assert_eq!(
        reconciler.sync(everything).await.unwrap().positions.len(),
        4
    );
    reconciler.sync(part).await.unwrap();
    assert_eq!(reconciler.sync_count(), 4);
    stop.send_replace(true);
    tokio::time::timeout(Duration::from_secs(60), service)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}
