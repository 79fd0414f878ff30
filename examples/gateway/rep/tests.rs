//! The thread with real sockets on the loopback interface.

use super::{Listening, RepLink, Server, listen, server};

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
    } = listen("tcp://127.0.0.1:*").unwrap();
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

#[tokio::test]
async fn a_late_reply_does_not_go_to_the_next_client() {
    let (mut link, mut server) = server("tcp://127.0.0.1:*").unwrap();
    let first = client(&server.endpoint);
    first.send("first", 0).unwrap();
    pump(&link, &mut server);
    link.next().await.unwrap().unwrap();
    // Its socket is given up; the next client comes in on the new one.
    link.abandon().await;
    assert!(server.turn().is_continue());
    // A turn would wait for a client as soon as the port is free again.
    while server.socket.is_none() {
        assert!(server.reopen().is_continue());
    }
    let second = client(&server.endpoint);
    second.send("second", 0).unwrap();
    pump(&link, &mut server);
    let late = link.reply(b"for the first".to_vec());
    let (late, turn) = tokio::join!(late, async { server.turn() });
    assert_eq!(
        (late, turn.is_continue()),
        (Some(Err(zmq::Error::EFSM)), true)
    );
    // Nor does giving the first one up again close the second one's connection.
    link.abandon().await;
    assert!(server.turn().is_continue());
    let message = link.next().await.unwrap().unwrap();
    assert_eq!(message.bytes, b"second");
    let reply = link.reply(b"for the second".to_vec());
    let (accepted, _) = tokio::join!(reply, async { server.turn() });
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
    } = listen("tcp://127.0.0.1:*").unwrap();
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
    let first = listen("tcp://127.0.0.1:*").unwrap();
    let error = listen(&first.endpoint).map(drop).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}
