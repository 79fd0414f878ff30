//! Receiving and sending against a scripted socket, under a paused clock.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt as _;
use wait_or_die::testing;

use super::Service;
use crate::clock::Stopwatch;
use crate::error::GatewayError;
use crate::events::{Events, Tally};
use crate::ledger::{Ledger, Settings};
use crate::paper::{PaperTerminal, Schedule};
use crate::protocol::{Body, Reply};
use crate::render::Screen;
use crate::rep::{Message, Outgoing, RepLink, RepSide};
use crate::router::Router;

/// Both ends of a link, and the events of this thread while the guard lives.
struct Bench {
    link: RepLink,
    side: RepSide,
    events: Events,
    _guard: DefaultGuard,
    /// Where only one subscriber lives, an event that the thread of another test reaches first is noted to interest nobody.
    _another: tracing::Dispatch,
}

fn bench() -> Bench {
    let (link, side) = RepLink::new(&zmq::Context::new()).unwrap();
    let events = Events::new(Screen::silent());
    let subscriber = tracing_subscriber::registry().with(events.clone());
    let another = tracing::Dispatch::new(tracing_subscriber::registry());
    Bench {
        link,
        side,
        events,
        _guard: tracing::subscriber::set_default(subscriber),
        _another: another,
    }
}

impl Bench {
    fn arrives(&self, received: zmq::Result<Message>) {
        self.side.inbox.try_send(received).unwrap();
    }

    /// Of one operation: retries, recoveries, calls that were not retried, calls given up.
    fn tally(&self, operation: &str) -> [u32; 4] {
        let tallies: BTreeMap<String, Tally> = self.events.tallies();
        let tally = tallies.get(operation).copied().unwrap_or_default();
        [
            tally.retries,
            tally.recovered,
            tally.not_retried,
            tally.gave_up,
        ]
    }
}

/// What the service asks of the socket next; an hour without anything is a failure.
async fn asked(side: &mut RepSide) -> Option<Outgoing> {
    let asked = tokio::time::timeout(Duration::from_secs(3600), side.outbox.recv()).await;
    asked.expect("the service asks for nothing")
}

fn message(turn: u64, bytes: &[u8], frames: usize) -> Message {
    Message {
        bytes: bytes.to_vec(),
        frames,
        turn,
    }
}

fn reply() -> Reply {
    Reply {
        id: None,
        body: Body::Ok(Box::default()),
    }
}

/// A router in front of a healthy terminal, and where its ledger is.
fn router() -> (Router<PaperTerminal>, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let (ledger, _) = Ledger::open(&directory.path().join("ledger"), Settings::default()).unwrap();
    let terminal = PaperTerminal::new(Schedule::healthy());
    (
        Router::new(terminal, std::sync::Arc::new(ledger)),
        directory,
    )
}

#[tokio::test(start_paused = true)]
async fn receiving_goes_on_behind_a_lost_socket() {
    let mut bench = bench();
    for error in [zmq::Error::ENOTSOCK, zmq::Error::EAGAIN, zmq::Error::ETERM] {
        bench.arrives(Err(error));
    }
    bench.arrives(Ok(message(1, br#"{"id":"1"}"#, 1)));
    let received = bench.link.recv_json().await.unwrap();
    assert_eq!(received, json!({"id": "1"}));
    assert_eq!(bench.tally("gateway.recv_json"), [3, 1, 0, 0]);
}

/// Receives from a silent socket: the error, the retries made, the seconds that it took.
async fn silence(seed: u64) -> (GatewayError, u32, f64) {
    let mut bench = bench();
    let _scope = testing::scope(seed);
    let since = Stopwatch::start();
    let error = bench.link.recv_json().await.unwrap_err();
    let elapsed = since.elapsed().as_secs_f64();
    let [retries, recovered, not_retried, gave_up] = bench.tally("gateway.recv_json");
    assert_eq!((recovered, not_retried, gave_up), (0, 0, 1));
    // What died was one call: the next one receives.
    bench.arrives(Ok(message(1, b"[]", 1)));
    assert_eq!(bench.link.recv_json().await.unwrap(), json!([]));
    (error, retries, elapsed)
}

#[tokio::test(start_paused = true)]
async fn silence_ends_after_ten_retries() {
    let (error, retries, elapsed) = silence(7).await;
    assert!(matches!(error, GatewayError::Timeout), "{error}");
    assert_eq!(retries, 10);
    // Eleven attempts of one second, and the waits that this seed draws.
    assert!((23.3..23.4).contains(&elapsed), "{elapsed}");
}

#[tokio::test(start_paused = true)]
async fn silence_ends_where_no_further_wait_fits_into_thirty_seconds() {
    let (error, retries, elapsed) = silence(0).await;
    assert!(matches!(error, GatewayError::Timeout), "{error}");
    assert_eq!(retries, 9);
    assert!((25.8..25.9).contains(&elapsed), "{elapsed}");
}

#[tokio::test(start_paused = true)]
async fn silence_is_cut_off_at_thirty_seconds() {
    let (error, retries, elapsed) = silence(4).await;
    assert!(matches!(error, GatewayError::Died(_)), "{error}");
    assert_eq!(retries, 9);
    assert!((30.0..30.01).contains(&elapsed), "{elapsed}");
}

#[tokio::test(start_paused = true)]
async fn what_is_no_request_is_not_waited_for_again() {
    let mut bench = bench();
    for (bytes, frames, told) in [
        (&b""[..], 1, "the request is empty"),
        (&b"{"[..], 1, "not JSON: EOF"),
        (&b"\xff\xfe"[..], 1, "not JSON: "),
        (&b"{}"[..], 2, "a request is one frame"),
    ] {
        bench.arrives(Ok(message(1, bytes, frames)));
        // A second attempt would take this one.
        bench.arrives(Ok(message(2, b"{}", 1)));
        let error = bench.link.recv_json().await.unwrap_err();
        assert!(
            matches!(&error, GatewayError::Malformed(text) if text.starts_with(told)),
            "{error}"
        );
        assert_eq!(bench.link.recv_json().await.unwrap(), json!({}));
    }
    assert_eq!(bench.tally("gateway.recv_json"), [0, 0, 4, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_request_survives_a_dropped_receive() {
    let mut bench = bench();
    let given_up = tokio::time::timeout(Duration::from_millis(300), bench.link.recv_json()).await;
    assert!(given_up.is_err());
    bench.arrives(Ok(message(1, b"1", 1)));
    bench.link.arrived().await;
    assert_eq!(bench.link.recv_json().await.unwrap(), json!(1));
}

/// Sends one reply, while the socket answers each try with the next result; gives the outcome and
/// what was tried.
async fn send(
    bench: &mut Bench,
    results: &[zmq::Result<()>],
) -> (Result<(), GatewayError>, Vec<Vec<u8>>) {
    let side = &mut bench.side;
    let socket = async {
        let mut tried = Vec::new();
        for result in results {
            let Some(Outgoing::Reply { bytes, done, .. }) = asked(side).await else {
                panic!("no reply came");
            };
            tried.push(bytes);
            done.send(*result).unwrap();
        }
        tried
    };
    let reply = reply();
    tokio::join!(bench.link.send_json(&reply), socket)
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_was_not_accepted_is_sent_again() {
    let mut bench = bench();
    let again = Err(zmq::Error::EAGAIN);
    let lost = Err(zmq::Error::EHOSTUNREACH);
    let (outcome, tried) = send(&mut bench, &[again, lost, Ok(())]).await;
    outcome.unwrap();
    assert_eq!(tried, vec![br#"{"id":null,"status":"OK"}"#.to_vec(); 3]);
    assert_eq!(bench.tally("gateway.send_json"), [2, 1, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_reply_out_of_turn_is_sent_once() {
    let mut bench = bench();
    let (outcome, tried) = send(&mut bench, &[Err(zmq::Error::EFSM)]).await;
    assert!(matches!(outcome, Err(GatewayError::OutOfTurn)));
    assert_eq!(tried.len(), 1);
    assert_eq!(bench.tally("gateway.send_json"), [0, 0, 1, 0]);
}

#[tokio::test(start_paused = true)]
async fn an_ended_thread_is_not_waited_for() {
    let mut bench = bench();
    let (closed, _) = RepLink::new(&zmq::Context::new()).unwrap();
    bench.link = closed;
    assert!(matches!(
        bench.link.recv_json().await,
        Err(GatewayError::Closed)
    ));
    assert!(matches!(
        bench.link.send_json(&reply()).await,
        Err(GatewayError::Closed)
    ));
    assert_eq!(bench.tally("gateway.recv_json"), [0, 0, 1, 0]);
    assert_eq!(bench.tally("gateway.send_json"), [0, 0, 1, 0]);
}

/// Runs a service over a scripted socket that accepts every reply.
async fn replies_to(requests: Vec<zmq::Result<Message>>) -> (Vec<Value>, u64) {
    let Bench {
        link,
        mut side,
        _guard,
        ..
    } = bench();
    let (stop, stopped) = watch::channel(false);
    let (router, _directory) = router();
    let socket = async {
        let mut replies = Vec::new();
        for request in requests {
            let is_message = request.is_ok();
            side.inbox.send(request).await.unwrap();
            if is_message {
                let Some(Outgoing::Reply { bytes, done, .. }) = asked(&mut side).await else {
                    panic!("no reply came");
                };
                done.send(Ok(())).unwrap();
                replies.push(serde_json::from_slice(&bytes).unwrap());
            } else {
                // Long enough for a call to die of it, and longer.
                tokio::time::sleep(Duration::from_secs(3600)).await;
            }
        }
        stop.send_replace(true);
        replies
    };
    let (served, replies) = tokio::join!(Service::new(link, router).run(stopped), socket);
    (replies, served.unwrap())
}

#[tokio::test(start_paused = true)]
async fn every_request_gets_exactly_one_reply() {
    let requests = [
        (&br#"{"id":"1","action":"PING"}"#[..], 1),
        (b"", 1),
        (b"nonsense", 1),
        (br#"{"id":"2","action":"DANCE"}"#, 1),
        (br#"{"id":"3","action":"PING"}"#, 3),
        (br#"{"id":"4","action":"PING"}"#, 1),
    ];
    let requests = (1..)
        .zip(requests)
        .map(|(turn, (bytes, frames))| Ok(message(turn, bytes, frames)));
    let (replies, served) = replies_to(requests.collect()).await;
    let told: Vec<_> = replies
        .iter()
        .map(|reply| (reply["id"].as_str(), reply["status"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            (Some("1"), "OK"),
            (None, "ERROR"),
            (None, "ERROR"),
            (Some("2"), "ERROR"),
            (None, "ERROR"),
            (Some("4"), "OK"),
        ]
    );
    assert_eq!(served, 6);
}

#[tokio::test(start_paused = true)]
async fn the_service_listens_on_when_a_receive_has_died() {
    let ping = |turn| Ok(message(turn, br#"{"id":"1","action":"PING"}"#, 1));
    let lost = Err(zmq::Error::ENOTSOCK);
    let (replies, served) = replies_to(vec![ping(1), lost, ping(2)]).await;
    assert_eq!(replies, vec![json!({"id": "1", "status": "OK"}); 2]);
    assert_eq!(served, 2);
}

#[tokio::test(start_paused = true)]
async fn being_idle_is_no_failure_and_delays_nobody() {
    let bench = bench();
    let (link, mut side) = (bench.link, bench.side);
    let (stop, stopped) = watch::channel(false);
    let (router, _directory) = router();
    let socket = async {
        tokio::time::sleep(Duration::from_secs(3600)).await;
        let since = Stopwatch::start();
        let ping = br#"{"id":"1","action":"PING"}"#;
        side.inbox.send(Ok(message(1, ping, 1))).await.unwrap();
        let Some(Outgoing::Reply { done, .. }) = asked(&mut side).await else {
            panic!("no reply came");
        };
        done.send(Ok(())).unwrap();
        stop.send_replace(true);
        since.elapsed()
    };
    let (served, elapsed) = tokio::join!(Service::new(link, router).run(stopped), socket);
    assert_eq!((served.unwrap(), elapsed), (1, Duration::ZERO));
    assert!(bench.events.tallies().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_request_in_hand_is_answered_before_the_service_stops() {
    let Bench {
        link,
        mut side,
        _guard,
        ..
    } = bench();
    let (stop, stopped) = watch::channel(false);
    let (router, _directory) = router();
    let socket = async {
        let ask = br#"{"id":"1","action":"ORDER_STATUS","client_order_id":"o-1"}"#;
        side.inbox.send(Ok(message(1, ask, 1))).await.unwrap();
        // The terminal takes 8 ms to answer.
        tokio::time::sleep(Duration::from_millis(4)).await;
        stop.send_replace(true);
        let Some(Outgoing::Reply { bytes, done, .. }) = asked(&mut side).await else {
            panic!("no reply came");
        };
        done.send(Ok(())).unwrap();
        let reply: Reply = serde_json::from_slice(&bytes).unwrap();
        assert!(matches!(reply.body, Body::NotFound { .. }));
        assert!(asked(&mut side).await.is_none());
    };
    let (served, ()) = tokio::join!(Service::new(link, router).run(stopped), socket);
    assert_eq!(served.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_reply_cannot_be_sent_is_abandoned() {
    let Bench {
        link,
        mut side,
        _guard,
        ..
    } = bench();
    let (_stop, stopped) = watch::channel(false);
    let (router, _directory) = router();
    let service = tokio::spawn(Service::new(link, router).run(stopped));
    side.inbox.send(Ok(message(7, b"{}", 1))).await.unwrap();
    let Some(Outgoing::Reply { turn, done, .. }) = asked(&mut side).await else {
        panic!("no reply came");
    };
    done.send(Err(zmq::Error::EFSM)).unwrap();
    let abandoned = asked(&mut side).await;
    assert!(matches!(abandoned, Some(Outgoing::Abandon { turn: 7 })));
    assert_eq!(turn, 7);
    // The thread ends, and so does the service.
    drop(side);
    assert!(matches!(service.await.unwrap(), Err(GatewayError::Closed)));
}
