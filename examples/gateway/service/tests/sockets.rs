//! The service with real sockets on the loopback interface.

use std::pin::pin;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use wait_or_die::{settings, testing};

use super::at_once::{Held, PING, order, router_to};
use crate::error::GatewayError;
use crate::ledger::StillClock;
use crate::listener;
use crate::paper::{Fault, PaperTerminal, Schedule};
use crate::reconciler::StateReconciler;
use crate::req::ReqLink;
use crate::service::{AT_ONCE, Served, Service};
use crate::terminal::Terminal;

/// A gateway in front of a terminal; it ends with the test.
struct Gateway {
    endpoint: String,
    service: JoinHandle<Result<Served, GatewayError>>,
    stop: watch::Sender<bool>,
    _directory: tempfile::TempDir,
}

impl Gateway {
    fn start<T: Terminal + 'static>(terminal: T) -> Self {
        let (router, directory) = router_to(terminal);
        let listening = listener::listen("tcp://127.0.0.1:*", None, AT_ONCE).unwrap();
        let (stop, stopped) = watch::channel(false);
        Self {
            endpoint: listening.endpoint,
            service: tokio::spawn(Service::new(listening.link, router).run(stopped)),
            stop,
            _directory: directory,
        }
    }

    fn client(&self) -> ReqLink {
        ReqLink::connect(&self.endpoint, None).unwrap()
    }
}

async fn status(client: &mut ReqLink, request: &[u8]) -> String {
    let reply = client.exchange(request.to_vec()).await.unwrap();
    let reply: Value = serde_json::from_slice(&reply).unwrap();
    reply["status"].as_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn the_same_order_twice_at_a_time_is_filled_once_and_in_progress_once() {
    let _scope = testing::scope(7);
    let terminal = Held::new();
    let gateway = Gateway::start(Arc::clone(&terminal));
    let (mut first, mut second) = (gateway.client(), gateway.client());
    // However long the threads of the sockets take, no time passes.
    let _still = StillClock::hold();
    let order = order("o-1");
    let mut placed = pin!(status(&mut first, &order));
    tokio::select! {
        biased;
        answered = &mut placed => panic!("{answered} before the terminal was open"),
        () = terminal.holds(1) => {}
    }
    assert_eq!(status(&mut second, &order).await, "IN_PROGRESS");
    terminal.open();
    assert_eq!(placed.await, "FILLED");
    assert_eq!(status(&mut second, &order).await, "FILLED");
    assert_eq!(terminal.handed(), 1);
    gateway.stop.send_replace(true);
    let served = gateway.service.await.unwrap().unwrap();
    assert_eq!((served.replies, served.undelivered), (3, 0));
}

#[tokio::test]
async fn the_gate_of_a_strategy_opens_while_an_order_waits_between_attempts() {
    let _scope = testing::scope(7);
    // Longer than any test.
    let long = r#"{"calls": {"terminal.execute_order":
        {"timeout": "2h", "initial_wait": "1h", "max_wait": "1h", "jitter": "none"}}}"#;
    settings::apply(serde_json::from_str(long).unwrap()).unwrap();
    let terminal = Arc::new(PaperTerminal::new(Schedule::first(&[Fault::Refuse])));
    let gateway = Gateway::start(Arc::clone(&terminal));
    let (mut trader, mut other) = (gateway.client(), gateway.client());
    let mut reconciler = StateReconciler::connect(&gateway.endpoint, None, 202_401).unwrap();
    let order = order("o-1");
    let mut placed = pin!(status(&mut trader, &order));
    let others = async {
        while terminal.calls() == 0 {
            tokio::task::yield_now().await;
        }
        let pong = status(&mut other, PING).await;
        let state = reconciler.perform_startup_sync().await.unwrap();
        (pong, state.positions.len())
    };
    let told = tokio::select! {
        biased;
        answered = &mut placed => panic!("{answered}: the order did not wait"),
        told = others => told,
    };
    assert_eq!(told, ("OK".to_owned(), 0));
    assert_eq!((reconciler.sync_count(), terminal.calls()), (1, 2));
    gateway.service.abort();
}
