//! Receiving and sending against a scripted socket, under a paused clock.

mod at_once;
mod run;
mod sockets;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt as _;
use wait_or_die::testing;

use crate::clock::Stopwatch;
use crate::error::GatewayError;
use crate::events::{Events, Tally};
use crate::ledger::{Ledger, Settings};
use crate::link::{Link, Message, Outgoing, Peer, ThreadSide};
use crate::paper::{PaperTerminal, Schedule};
use crate::protocol::{Body, Reply};
use crate::render::Screen;
use crate::router::Router;

/// Both ends of a link, and the events of this thread while the guard lives.
struct Bench {
    link: Link,
    side: ThreadSide,
    events: Events,
    _guard: DefaultGuard,
    /// Where only one subscriber lives, an event that the thread of another test reaches first is noted to interest nobody.
    _another: tracing::Dispatch,
}

fn bench() -> Bench {
    let (link, side) = Link::new(&zmq::Context::new(), 4).unwrap();
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
    fn arrives(&self, bytes: &[u8], frames: usize) {
        arrives(&self.side, 1, bytes, frames);
    }

    fn fails(&self, error: zmq::Error) {
        self.side.errors.try_send(error).unwrap();
    }

    /// What is received next.
    async fn receive(&mut self) -> Result<Value, GatewayError> {
        let received = self.link.inbox.recv_json().await;
        received.map(|received| received.value)
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
async fn asked(side: &mut ThreadSide) -> Option<Outgoing> {
    let asked = tokio::time::timeout(Duration::from_secs(3600), side.outgoing.recv()).await;
    asked.expect("the service asks for nothing")
}

/// A client with this number, whose request takes a place.
fn peer(side: &ThreadSide, number: u8) -> Peer {
    let place = side.places.take().expect("all places are taken");
    Peer::new(1, vec![vec![number], vec![]], place)
}

/// A request is taken off the socket.
fn arrives(side: &ThreadSide, number: u8, bytes: &[u8], frames: usize) {
    let message = Message {
        from: peer(side, number),
        bytes: bytes.to_vec(),
        frames,
    };
    side.requests.try_send(message).unwrap();
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
        bench.fails(error);
    }
    bench.arrives(br#"{"id":"1"}"#, 1);
    assert_eq!(bench.receive().await.unwrap(), json!({"id": "1"}));
    assert_eq!(bench.tally("gateway.recv_json"), [3, 1, 0, 0]);
}

/// Receives from a silent socket: the error, the retries made, the seconds that it took.
async fn silence(seed: u64) -> (GatewayError, u32, f64) {
    let mut bench = bench();
    let _scope = testing::scope(seed);
    let since = Stopwatch::start();
    let error = bench.receive().await.unwrap_err();
    let elapsed = since.elapsed().as_secs_f64();
    let [retries, recovered, not_retried, gave_up] = bench.tally("gateway.recv_json");
    assert_eq!((recovered, not_retried, gave_up), (0, 0, 1));
    // What died was one call: the next one receives.
    bench.arrives(b"[]", 1);
    assert_eq!(bench.receive().await.unwrap(), json!([]));
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
        (b"", 0, "the request is empty"),
        (&b"{"[..], 1, "not JSON: EOF"),
        (&b"\xff\xfe"[..], 1, "not JSON: "),
        (&b"{}"[..], 2, "a request is one frame"),
    ] {
        bench.arrives(bytes, frames);
        // A second attempt would take this one.
        bench.arrives(b"{}", 1);
        let error = bench.receive().await.unwrap_err();
        assert!(
            matches!(&error, GatewayError::Malformed { why, .. } if why.starts_with(told)),
            "{error}"
        );
        assert_eq!(bench.receive().await.unwrap(), json!({}));
    }
    assert_eq!(bench.tally("gateway.recv_json"), [0, 0, 5, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_request_survives_a_dropped_receive() {
    let mut bench = bench();
    let given_up =
        tokio::time::timeout(Duration::from_millis(300), bench.link.inbox.recv_json()).await;
    assert!(given_up.is_err());
    bench.arrives(b"1", 1);
    bench.link.inbox.arrived().await;
    assert_eq!(bench.receive().await.unwrap(), json!(1));
}

/// Sends one reply, while the socket answers each try with the next result; gives the outcome and
/// what was tried.
async fn send(
    bench: &mut Bench,
    results: &[zmq::Result<()>],
) -> (Result<(), GatewayError>, Vec<Vec<u8>>) {
    let to = peer(&bench.side, 1);
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
    tokio::join!(bench.link.outbox.send_json(&to, &reply), socket)
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_was_not_accepted_is_sent_again() {
    let mut bench = bench();
    let again = Err(zmq::Error::EAGAIN);
    let lost = Err(zmq::Error::ENOTSOCK);
    let (outcome, tried) = send(&mut bench, &[again, lost, Ok(())]).await;
    outcome.unwrap();
    assert_eq!(tried, vec![br#"{"id":null,"status":"OK"}"#.to_vec(); 3]);
    assert_eq!(bench.tally("gateway.send_json"), [2, 1, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_reply_whose_client_has_left_is_sent_once() {
    let mut bench = bench();
    let (outcome, tried) = send(&mut bench, &[Err(zmq::Error::EHOSTUNREACH)]).await;
    assert!(matches!(outcome, Err(GatewayError::Left)));
    assert_eq!(tried.len(), 1);
    assert_eq!(bench.tally("gateway.send_json"), [0, 0, 1, 0]);
}

#[tokio::test(start_paused = true)]
async fn an_ended_thread_is_not_waited_for() {
    let mut bench = bench();
    let (closed, _) = Link::new(&zmq::Context::new(), 4).unwrap();
    bench.link = closed;
    let to = peer(&bench.side, 1);
    assert!(matches!(bench.receive().await, Err(GatewayError::Closed)));
    assert!(matches!(
        bench.link.outbox.send_json(&to, &reply()).await,
        Err(GatewayError::Closed)
    ));
    assert_eq!(bench.tally("gateway.recv_json"), [0, 0, 1, 0]);
    assert_eq!(bench.tally("gateway.send_json"), [0, 0, 1, 0]);
}
