//! The thread with real sockets on the loopback interface.

use std::pin::pin;
use std::time::Duration;

use super::{Bounds, Listening, Server, listen, server};
use crate::link::{Link, Message};

fn client(endpoint: &str) -> zmq::Socket {
    let client = zmq::Context::new().socket(zmq::REQ).unwrap();
    client.set_linger(0).unwrap();
    // A safety net: nothing here takes that long.
    client.set_rcvtimeo(20_000).unwrap();
    client.connect(endpoint).unwrap();
    client
}

/// The next request, which must be there or come.
async fn next(link: &mut Link) -> Message {
    link.inbox.next().await.unwrap().unwrap()
}

#[tokio::test]
async fn replies_go_to_whoever_asked_in_whatever_order() {
    let Listening {
        mut link,
        endpoint,
        thread,
    } = listen("tcp://127.0.0.1:*", None, 2).unwrap();
    let clients = [client(&endpoint), client(&endpoint)];
    let mut asked = Vec::new();
    for (client, text) in clients.iter().zip(["one", "two"]) {
        client.send(text, 0).unwrap();
        let message = next(&mut link).await;
        assert_eq!(
            (message.bytes.as_slice(), message.frames),
            (text.as_bytes(), 1)
        );
        asked.push(message);
    }
    for message in asked.into_iter().rev() {
        let reply = link.outbox.reply(&message.from, message.bytes);
        assert_eq!(reply.await, Some(Ok(())));
    }
    for (client, text) in clients.iter().zip(["one", "two"]) {
        assert_eq!(client.recv_bytes(0).unwrap(), text.as_bytes());
    }
    drop(link);
    thread.join().unwrap();
}

/// A client that need not wait for one reply before it sends the next request.
fn dealer(endpoint: &str) -> zmq::Socket {
    let dealer = zmq::Context::new().socket(zmq::DEALER).unwrap();
    dealer.set_linger(0).unwrap();
    dealer.set_rcvtimeo(20_000).unwrap();
    dealer.connect(endpoint).unwrap();
    dealer
}

#[tokio::test]
async fn whoever_sends_two_requests_without_waiting_gets_two_replies() {
    let Listening {
        mut link,
        endpoint,
        thread,
    } = listen("tcp://127.0.0.1:*", None, 2).unwrap();
    let dealer = dealer(&endpoint);
    for text in ["one", "two"] {
        dealer.send_multipart(["", text], 0).unwrap();
    }
    let first = next(&mut link).await;
    let second = next(&mut link).await;
    for (message, text) in [(second, "2nd"), (first, "1st")] {
        let reply = link.outbox.reply(&message.from, text.into());
        assert_eq!(reply.await, Some(Ok(())));
        let received = dealer.recv_multipart(0).unwrap();
        assert_eq!(received, [b"", text.as_bytes()]);
    }
    drop(link);
    thread.join().unwrap();
}

#[tokio::test]
async fn an_envelope_is_kept_as_it_came_and_a_message_without_one_is_dropped() {
    let Listening {
        mut link,
        endpoint,
        thread,
    } = listen("tcp://127.0.0.1:*", None, 1).unwrap();
    let dealer = dealer(&endpoint);
    let many = [&["x"; 20][..], &["", "hidden"]].concat();
    for lost in [&["{}"][..], &["a", "b"], &["x"; 100], &many] {
        dealer.send_multipart(lost, 0).unwrap();
    }
    // With nothing behind the delimiter, with too much of it, and by way of two proxies.
    for (sent, body, frames) in [
        (&[""][..], "", 0),
        (&["", ""], "", 1),
        (&["", "", "x"], "", 2),
        (&["", "{}", "", "x"], "{}", 3),
        (&["proxy", "b", "", "{}"], "{}", 1),
    ] {
        dealer.send_multipart(sent, 0).unwrap();
        let message = next(&mut link).await;
        assert_eq!(
            (message.bytes.as_slice(), message.frames),
            (body.as_bytes(), frames),
            "{sent:?}"
        );
        let reply = link.outbox.reply(&message.from, b"reply".to_vec());
        assert_eq!(reply.await, Some(Ok(())));
        let received = dealer.recv_multipart(0).unwrap();
        let envelope = sent.iter().position(|frame| frame.is_empty()).unwrap();
        assert_eq!(
            received[..=envelope],
            sent[..=envelope]
                .iter()
                .map(|f| f.as_bytes().to_vec())
                .collect::<Vec<_>>()
        );
        assert_eq!(received[envelope + 1..], [b"reply"]);
    }
    drop(link);
    thread.join().unwrap();
}

/// Drives the server by hand until a request has arrived.
fn pump(link: &Link, server: &mut Server) {
    while link.inbox.is_empty() {
        assert!(server.turn().is_continue());
    }
}

/// Drives the server by hand until it has done what it was asked for.
async fn served<T>(server: &mut Server, asked: impl Future<Output = T>) -> T {
    let mut asked = pin!(asked);
    loop {
        tokio::select! {
            biased;
            outcome = &mut asked => return outcome,
            turned = async { server.turn() } => assert!(turned.is_continue()),
        }
    }
}

#[tokio::test]
async fn with_as_many_in_hand_as_may_be_the_next_one_waits() {
    let (mut link, mut server) = server("tcp://127.0.0.1:*", None, Bounds::GATEWAY, 64).unwrap();
    // Five clients, because no queue holds more than 16.
    let clients: Vec<_> = (0..5).map(|_| dealer(&server.endpoint)).collect();
    for number in 0..65 {
        clients[number % 5].send_multipart(["", "{}"], 0).unwrap();
    }
    let mut in_hand = Vec::new();
    while in_hand.len() < 64 {
        pump(&link, &mut server);
        in_hand.push(next(&mut link).await);
    }
    // The last one is at the socket, and stays there while the thread turns.
    let at_socket = |server: &Server| {
        let socket = &server.bound.as_ref().unwrap().socket;
        socket.poll(zmq::POLLIN, 20_000).unwrap()
    };
    assert_eq!(at_socket(&server), 1);
    for message in &in_hand {
        let reply = link.outbox.reply(&message.from, vec![]);
        assert_eq!(served(&mut server, reply).await, Some(Ok(())));
        assert!(link.inbox.is_empty());
    }
    assert_eq!(at_socket(&server), 1);
    in_hand.pop();
    pump(&link, &mut server);
    assert_eq!(next(&mut link).await.bytes, b"{}");
}

#[tokio::test]
async fn once_it_is_stopped_nothing_more_is_taken() {
    let (mut link, mut server) = server("tcp://127.0.0.1:*", None, Bounds::GATEWAY, 64).unwrap();
    let client = dealer(&server.endpoint);
    client.send_multipart(["", "first"], 0).unwrap();
    pump(&link, &mut server);
    let first = next(&mut link).await;
    assert_eq!(served(&mut server, link.outbox.stop()).await, Some(()));
    client.send_multipart(["", "second"], 0).unwrap();
    let socket = &server.bound.as_ref().unwrap().socket;
    assert_eq!(socket.poll(zmq::POLLIN, 20_000).unwrap(), 1);
    let reply = link.outbox.reply(&first.from, b"1st".to_vec());
    assert_eq!(served(&mut server, reply).await, Some(Ok(())));
    assert!(link.inbox.is_empty());
    assert_eq!(client.recv_multipart(0).unwrap(), [&b""[..], b"1st"]);
}

#[tokio::test]
async fn a_late_reply_goes_nowhere_when_its_client_has_left() {
    let Listening {
        mut link,
        endpoint,
        thread,
    } = listen("tcp://127.0.0.1:*", None, 2).unwrap();
    let leaves = client(&endpoint);
    leaves.send("first", 0).unwrap();
    let late = next(&mut link).await.from;
    drop(leaves);
    // Before its thread knows, libzmq accepts what nobody will read, as much of it as its queue holds.
    let left = Some(Err(zmq::Error::EHOSTUNREACH));
    let mut reply = None;
    for _ in 0..1_000_000 {
        reply = link.outbox.reply(&late, b"late".to_vec()).await;
        if reply == left {
            break;
        }
    }
    assert_eq!(reply, left);
    let stays = client(&endpoint);
    stays.send("second", 0).unwrap();
    let message = next(&mut link).await;
    let reply = link.outbox.reply(&message.from, message.bytes);
    assert_eq!(reply.await, Some(Ok(())));
    assert_eq!(stays.recv_bytes(0).unwrap(), b"second");
    drop(link);
    thread.join().unwrap();
}

#[tokio::test]
async fn a_late_reply_does_not_go_to_a_client_of_the_next_socket() {
    let (mut link, mut server) = server("tcp://127.0.0.1:*", None, Bounds::GATEWAY, 2).unwrap();
    // Both choose the same routing id: on one socket, they would be the same client.
    let named = |endpoint: &str| {
        let client = zmq::Context::new().socket(zmq::REQ).unwrap();
        client.set_linger(0).unwrap();
        client.set_rcvtimeo(20_000).unwrap();
        client.set_identity(b"desk").unwrap();
        client.connect(endpoint).unwrap();
        client
    };
    let first = named(&server.endpoint);
    first.send("first", 0).unwrap();
    pump(&link, &mut server);
    let late = next(&mut link).await.from;
    drop(first);
    assert!(server.lost(zmq::Error::ENOTSOCK).is_continue());
    // A turn would wait for a client as soon as the port is free again.
    while server.bound.is_none() {
        assert!(server.reopen().is_continue());
    }
    let told = link.inbox.next().await.unwrap();
    assert_eq!(told.map(|message| message.bytes), Err(zmq::Error::ENOTSOCK));
    let second = named(&server.endpoint);
    second.send("second", 0).unwrap();
    pump(&link, &mut server);
    let message = next(&mut link).await;
    assert_eq!(late.envelope(), message.from.envelope());
    let reply = link.outbox.reply(&late, b"for the first".to_vec());
    assert_eq!(
        served(&mut server, reply).await,
        Some(Err(zmq::Error::EHOSTUNREACH))
    );
    let reply = link.outbox.reply(&message.from, b"for the second".to_vec());
    assert_eq!(served(&mut server, reply).await, Some(Ok(())));
    assert_eq!(second.recv_bytes(0).unwrap(), b"for the second");
}

#[tokio::test]
async fn a_client_that_leaves_while_a_lost_socket_closes_holds_nobody_up() {
    let (mut link, mut server) = server("tcp://127.0.0.1:*", None, Bounds::GATEWAY, 1).unwrap();
    // It reads nothing, and its side holds one message.
    let leaves = zmq::Context::new().socket(zmq::DEALER).unwrap();
    leaves.set_linger(0).unwrap();
    leaves.set_rcvhwm(1).unwrap();
    leaves.connect(&server.endpoint).unwrap();
    leaves.send_multipart(["", "in"], 0).unwrap();
    pump(&link, &mut server);
    let from = next(&mut link).await.from;
    // More than both ends hold, so that the lost socket is still at it when the client leaves.
    for _ in 0..8 {
        let reply = link.outbox.reply(&from, vec![b'x'; 4 * 1024 * 1024]);
        assert_eq!(served(&mut server, reply).await, Some(Ok(())));
    }
    drop(from);
    assert!(server.lost(zmq::Error::ENOTSOCK).is_continue());
    drop(leaves);
    while server.bound.is_none() {
        assert!(server.reopen().is_continue());
    }
    let stays = client(&server.endpoint);
    stays.send("in", 0).unwrap();
    // What libzmq asks before it lets somebody in it asks only while its thread lives.
    assert_eq!(server.zap.socket().poll(zmq::POLLIN, 20_000), Ok(1));
    assert!(link.inbox.next().await.unwrap().is_err());
    pump(&link, &mut server);
    assert_eq!(next(&mut link).await.bytes, b"in");
}

#[tokio::test]
async fn an_accepted_reply_leaves_before_the_socket_closes() {
    // More than the buffers of both ends can hold.
    let reply = vec![b'x'; 16 * 1024 * 1024];
    let Listening {
        mut link,
        endpoint,
        thread,
    } = listen("tcp://127.0.0.1:*", None, 1).unwrap();
    let client = client(&endpoint);
    client.send("last", 0).unwrap();
    let from = next(&mut link).await.from;
    let accepted = link.outbox.reply(&from, reply.clone()).await;
    assert_eq!(accepted, Some(Ok(())));
    drop(link);
    thread.join().unwrap();
    assert!(client.recv_bytes(0).unwrap() == reply);
}

#[test]
fn a_taken_port_is_an_error() {
    let first = listen("tcp://127.0.0.1:*", None, 1).unwrap();
    let error = listen(&first.endpoint, None, 1).map(drop).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}

/// A client that tells when it loses its connection.
fn watched(endpoint: &str) -> (zmq::Socket, zmq::Socket) {
    let context = zmq::Context::new();
    let client = context.socket(zmq::REQ).unwrap();
    let events = context.socket(zmq::PAIR).unwrap();
    for socket in [&client, &events] {
        socket.set_linger(0).unwrap();
        socket.set_rcvtimeo(20_000).unwrap();
    }
    let lost = i32::from(zmq::SocketEvent::DISCONNECTED.to_raw());
    client.monitor("inproc://lost", lost).unwrap();
    events.connect("inproc://lost").unwrap();
    client.connect(endpoint).unwrap();
    (client, events)
}

#[tokio::test]
async fn above_the_bound_nobody_comes_in_and_nobody_is_thrown_out() {
    // Whoever is turned away is let go at the end of his handshake's time.
    let bounds = Bounds {
        connections: 2,
        handshake: Duration::from_millis(100),
    };
    let (mut link, server) = server("tcp://127.0.0.1:*", None, bounds, 1).unwrap();
    let endpoint = server.endpoint.clone();
    let thread = std::thread::spawn(move || server.run());
    let mut inside = vec![client(&endpoint), client(&endpoint)];
    let serve = async |link: &mut Link, client: &zmq::Socket| {
        client.send("in", 0).unwrap();
        let message = next(link).await;
        assert_eq!(message.bytes, b"in");
        let reply = link.outbox.reply(&message.from, message.bytes);
        assert_eq!(reply.await, Some(Ok(())));
        assert_eq!(client.recv_bytes(0).unwrap(), b"in");
    };
    for client in &inside {
        serve(&mut link, client).await;
    }
    let (third, lost) = watched(&endpoint);
    third.send("third", 0).unwrap();
    // Turned away, again and again; those who are in go on.
    for _ in 0..3 {
        lost.recv_multipart(0).unwrap();
        for client in &inside {
            serve(&mut link, client).await;
        }
    }
    inside.pop();
    // Now there is a place; its request has waited on its own side.
    let message = next(&mut link).await;
    assert_eq!(message.bytes, b"third");
    let reply = link.outbox.reply(&message.from, message.bytes);
    assert_eq!(reply.await, Some(Ok(())));
    assert_eq!(third.recv_bytes(0).unwrap(), b"third");
    drop(link);
    thread.join().unwrap();
}

#[test]
fn a_dead_peer_is_noticed_and_a_slow_handshake_ends() {
    let (_link, server) = server("tcp://127.0.0.1:*", None, Bounds::GATEWAY, 1).unwrap();
    let socket = &server.bound.as_ref().unwrap().socket;
    let probes = (
        socket.get_tcp_keepalive(),
        socket.get_tcp_keepalive_idle(),
        socket.get_tcp_keepalive_intvl(),
        socket.get_tcp_keepalive_cnt(),
    );
    assert_eq!(probes, (Ok(1), Ok(30), Ok(10), Ok(3)));
    assert_eq!(socket.get_handshake_ivl(), Ok(5_000));
    assert_eq!(socket.get_maxmsgsize(), Ok(65_536));
}
