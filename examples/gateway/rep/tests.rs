//! The thread with real sockets on the loopback interface.

use std::pin::pin;
use std::time::Duration;

use super::{Bounds, Listening, RepLink, Server, listen, server};

fn client(endpoint: &str) -> zmq::Socket {
    let client = zmq::Context::new().socket(zmq::REQ).unwrap();
    client.set_linger(0).unwrap();
    // A safety net: nothing here takes that long.
    client.set_rcvtimeo(20_000).unwrap();
    client.connect(endpoint).unwrap();
    client
}

#[tokio::test]
async fn requests_are_answered_in_lock_step() {
    let Listening {
        mut link,
        endpoint,
        thread,
    } = listen("tcp://127.0.0.1:*", None).unwrap();
    let clients = [client(&endpoint), client(&endpoint)];
    for (client, text) in clients.iter().zip(["one", "two"]) {
        client.send(text, 0).unwrap();
        let message = link.next().await.unwrap().unwrap();
        assert_eq!(
            (message.bytes.as_slice(), message.frames),
            (text.as_bytes(), 1)
        );
        assert_eq!(link.reply(message.bytes).await, Some(Ok(())));
        assert_eq!(client.recv_bytes(0).unwrap(), text.as_bytes());
    }
    assert_eq!(
        link.reply(b"again".to_vec()).await,
        Some(Err(zmq::Error::EFSM))
    );
    drop(link);
    thread.join().unwrap();
}

/// Drives the server by hand until a request has arrived.
fn pump(link: &RepLink, server: &mut Server) {
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

/// Drives the server by hand until it knows of everything that it was asked for.
async fn abandoned(link: &mut RepLink, server: &mut Server) {
    link.abandon().await;
    while !server.side.outbox.is_empty() {
        assert!(server.turn().is_continue());
    }
}

#[tokio::test]
async fn a_late_reply_does_not_go_to_the_next_client() {
    let (mut link, mut server) = server("tcp://127.0.0.1:*", None, Bounds::GATEWAY).unwrap();
    let first = client(&server.endpoint);
    first.send("first", 0).unwrap();
    pump(&link, &mut server);
    link.next().await.unwrap().unwrap();
    // Its socket is given up; the next client comes in on the new one.
    abandoned(&mut link, &mut server).await;
    // A turn would wait for a client as soon as the port is free again.
    while server.bound.is_none() {
        assert!(server.reopen().is_continue());
    }
    let second = client(&server.endpoint);
    second.send("second", 0).unwrap();
    pump(&link, &mut server);
    let late = served(&mut server, link.reply(b"for the first".to_vec())).await;
    assert_eq!(late, Some(Err(zmq::Error::EFSM)));
    // Nor does giving the first one up again close the second one's connection.
    abandoned(&mut link, &mut server).await;
    let message = link.next().await.unwrap().unwrap();
    assert_eq!(message.bytes, b"second");
    let accepted = served(&mut server, link.reply(b"for the second".to_vec())).await;
    assert_eq!(accepted, Some(Ok(())));
    assert_eq!(second.recv_bytes(0).unwrap(), b"for the second");
}

#[tokio::test]
async fn an_accepted_reply_leaves_before_the_socket_closes() {
    // More than the buffers of both ends can hold.
    let reply = vec![b'x'; 16 * 1024 * 1024];
    let Listening {
        mut link,
        endpoint,
        thread,
    } = listen("tcp://127.0.0.1:*", None).unwrap();
    let client = client(&endpoint);
    client.send("last", 0).unwrap();
    link.next().await.unwrap().unwrap();
    assert_eq!(link.reply(reply.clone()).await, Some(Ok(())));
    drop(link);
    thread.join().unwrap();
    assert!(client.recv_bytes(0).unwrap() == reply);
}

#[test]
fn a_taken_port_is_an_error() {
    let first = listen("tcp://127.0.0.1:*", None).unwrap();
    let error = listen(&first.endpoint, None).map(drop).unwrap_err();
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
    let (mut link, server) = server("tcp://127.0.0.1:*", None, bounds).unwrap();
    let endpoint = server.endpoint.clone();
    let thread = std::thread::spawn(move || server.run());
    let mut inside = vec![client(&endpoint), client(&endpoint)];
    let serve = async |link: &mut RepLink, client: &zmq::Socket| {
        client.send("in", 0).unwrap();
        let message = link.next().await.unwrap().unwrap();
        assert_eq!(message.bytes, b"in");
        assert_eq!(link.reply(message.bytes).await, Some(Ok(())));
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
    let message = link.next().await.unwrap().unwrap();
    assert_eq!(message.bytes, b"third");
    assert_eq!(link.reply(message.bytes).await, Some(Ok(())));
    assert_eq!(third.recv_bytes(0).unwrap(), b"third");
    drop(link);
    thread.join().unwrap();
}

#[test]
fn a_dead_peer_is_noticed_and_a_slow_handshake_ends() {
    let (_link, server) = server("tcp://127.0.0.1:*", None, Bounds::GATEWAY).unwrap();
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
