//! The service as a whole, over a scripted socket.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::{Bench, arrives, asked, bench, router};
use crate::clock::Stopwatch;
use crate::error::GatewayError;
use crate::ledger::{Ledger, State};
use crate::link::{Outgoing, ThreadSide};
use crate::protocol::{Body, Reply};
use crate::service::{Served, Service};

const PING: &[u8] = br#"{"id":"1","action":"PING"}"#;

const fn replied(replies: u64) -> Served {
    Served {
        replies,
        undelivered: 0,
    }
}

/// The socket does to the next reply as it is told, and gives it with the routing id that it is for.
pub(super) async fn reply(side: &mut ThreadSide, done: zmq::Result<()>) -> (u8, Value) {
    let Some(Outgoing::Reply {
        to, bytes, done: d, ..
    }) = asked(side).await
    else {
        panic!("no reply came");
    };
    d.send(done).unwrap();
    assert!(to.envelope()[1].is_empty());
    (to.envelope()[0][0], serde_json::from_slice(&bytes).unwrap())
}

/// The service asks for no more requests, and the socket grants it.
async fn stopped(side: &mut ThreadSide) {
    let Some(Outgoing::Stop { done }) = asked(side).await else {
        panic!("another reply came");
    };
    done.send(()).unwrap();
}

/// Runs a service over a scripted socket that accepts every reply; requests come one after the other.
async fn replies_to(requests: Vec<zmq::Result<(&[u8], usize)>>) -> (Vec<Value>, Served) {
    let Bench {
        link,
        mut side,
        _guard,
        ..
    } = bench();
    let (stop, is_stopped) = watch::channel(false);
    let (router, _directory) = router();
    let socket = async {
        let mut replies = Vec::new();
        for (number, request) in (1..).zip(requests) {
            match request {
                Ok((bytes, frames)) => {
                    arrives(&side, number, bytes, frames);
                    let (to, reply) = reply(&mut side, Ok(())).await;
                    assert_eq!(to, number);
                    replies.push(reply);
                }
                Err(error) => {
                    side.errors.try_send(error).unwrap();
                    // Long enough for a call to die of it, and longer.
                    tokio::time::sleep(Duration::from_secs(3600)).await;
                }
            }
        }
        stop.send_replace(true);
        stopped(&mut side).await;
        replies
    };
    let (served, replies) = tokio::join!(Service::new(link, router).run(is_stopped), socket);
    (replies, served.unwrap())
}

#[tokio::test(start_paused = true)]
async fn every_request_gets_exactly_one_reply() {
    let requests = [
        (PING, 1),
        (b"", 1),
        (b"nonsense", 1),
        (br#"{"id":"2","action":"DANCE"}"#, 1),
        (br#"{"id":"3","action":"PING"}"#, 3),
        (br#"{"id":"4","action":"PING"}"#, 1),
    ];
    let (replies, served) = replies_to(requests.into_iter().map(Ok).collect()).await;
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
    assert_eq!(served, replied(6));
}

#[tokio::test(start_paused = true)]
async fn the_service_listens_on_when_a_receive_has_died() {
    let lost = Err(zmq::Error::ENOTSOCK);
    let (replies, served) = replies_to(vec![Ok((PING, 1)), lost, Ok((PING, 1))]).await;
    assert_eq!(replies, vec![json!({"id": "1", "status": "OK"}); 2]);
    assert_eq!(served, replied(2));
}

#[tokio::test(start_paused = true)]
async fn being_idle_is_no_failure_and_delays_nobody() {
    let bench = bench();
    let (link, mut side) = (bench.link, bench.side);
    let (stop, is_stopped) = watch::channel(false);
    let (router, _directory) = router();
    let socket = async {
        tokio::time::sleep(Duration::from_secs(3600)).await;
        let since = Stopwatch::start();
        arrives(&side, 1, PING, 1);
        reply(&mut side, Ok(())).await;
        let elapsed = since.elapsed();
        stop.send_replace(true);
        stopped(&mut side).await;
        elapsed
    };
    let (served, elapsed) = tokio::join!(Service::new(link, router).run(is_stopped), socket);
    assert_eq!((served.unwrap(), elapsed), (replied(1), Duration::ZERO));
    assert!(bench.events.tallies().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_off_the_socket_is_answered_before_the_service_stops() {
    let Bench {
        link,
        mut side,
        _guard,
        ..
    } = bench();
    let (stop, is_stopped) = watch::channel(false);
    let (router, _directory) = router();
    let socket = async {
        let ask = br#"{"id":"1","action":"ACCOUNT"}"#;
        arrives(&side, 1, ask, 1);
        // The terminal takes 8 ms to answer.
        tokio::time::sleep(Duration::from_millis(4)).await;
        stop.send_replace(true);
        let Some(Outgoing::Stop { done }) = asked(&mut side).await else {
            panic!("a reply before the terminal's answer");
        };
        // The socket's thread was at these two when it was asked to stop.
        arrives(&side, 2, PING, 1);
        arrives(&side, 3, b"{", 1);
        done.send(()).unwrap();
        let mut replies = Vec::new();
        for _ in 0..3 {
            let (to, reply) = reply(&mut side, Ok(())).await;
            let reply: Reply = serde_json::from_value(reply).unwrap();
            replies.push((to, matches!(reply.body, Body::Ok(_))));
        }
        assert!(asked(&mut side).await.is_none());
        replies
    };
    let (served, mut replies) = tokio::join!(Service::new(link, router).run(is_stopped), socket);
    replies.sort_unstable();
    assert_eq!(replies, [(1, true), (2, true), (3, false)]);
    assert_eq!(served.unwrap(), replied(3));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_has_left_takes_no_place_and_its_reply_is_counted() {
    let Bench {
        link,
        mut side,
        events,
        _guard,
        ..
    } = bench();
    let (stop, is_stopped) = watch::channel(false);
    let (router, _directory) = router();
    let socket = async {
        for done in [Err(zmq::Error::EHOSTUNREACH), Ok(())].repeat(4) {
            arrives(&side, 1, PING, 1);
            reply(&mut side, done).await;
        }
        stop.send_replace(true);
        stopped(&mut side).await;
    };
    let (served, ()) = tokio::join!(Service::new(link, router).run(is_stopped), socket);
    let served = served.unwrap();
    let counted = Served {
        replies: 4,
        undelivered: 4,
    };
    assert_eq!(served, counted);
    assert_eq!(served.to_string(), "4 replies, 4 more undelivered");
    assert_eq!(replied(7).to_string(), "7 replies");
    let told = events.tallies()["gateway.send_json"];
    assert_eq!((told.not_retried, told.retries), (4, 0));
}

#[tokio::test(start_paused = true)]
async fn the_service_ends_with_the_sockets_thread_and_sees_through_what_is_in_hand() {
    let Bench {
        link, side, _guard, ..
    } = bench();
    let (_stop, is_stopped) = watch::channel(false);
    let (router, directory) = router();
    let order = json!({"id": "1", "action": "ORDER_SEND", "client_order_id": "o-1", "type": "OP_BUY",
        "symbol": "EURUSD", "volume": "0.10", "price": "1.30", "magic": 1});
    arrives(&side, 1, &serde_json::to_vec(&order).unwrap(), 1);
    drop(side);
    let served = Service::new(link, router).run(is_stopped).await;
    assert!(matches!(served, Err(GatewayError::Closed)));
    let held = Ledger::inspect(&directory.path().join("ledger")).unwrap();
    let states: Vec<_> = held.entries.iter().map(|entry| entry.state).collect();
    assert_eq!(states, [State::Done]);
}
