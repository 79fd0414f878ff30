//! The client's thread against a server that answers when it is told to.

use super::{ReqError, ReqLink};
use crate::zmq_io::MAX_REPLY;

/// A ROUTER, which may leave requests unanswered.
fn server() -> (zmq::Socket, String) {
    server_in(&zmq::Context::new())
}

fn server_in(context: &zmq::Context) -> (zmq::Socket, String) {
    let server = context.socket(zmq::ROUTER).unwrap();
    server.set_linger(0).unwrap();
    // A safety net: nothing here takes that long.
    server.set_rcvtimeo(20_000).unwrap();
    server.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = server.get_last_endpoint().unwrap().unwrap();
    (server, endpoint)
}

#[tokio::test]
async fn a_reply_that_was_given_up_is_not_taken_for_the_next_one() {
    let (server, endpoint) = server();
    let mut link = ReqLink::connect(&endpoint, None).unwrap();
    let asked = |number: u8| [number];
    // The first request is given up once it has reached the server.
    let first = {
        let exchange = link.exchange(asked(1).to_vec());
        let received = tokio::task::spawn_blocking(move || {
            let envelope = server.recv_multipart(0).unwrap();
            (server, envelope)
        });
        tokio::select! {
            biased;
            reply = exchange => panic!("{reply:?} to a request that was not answered"),
            received = received => received.unwrap(),
        }
    };
    let (server, envelope) = first;
    assert_eq!(envelope.last().unwrap(), &asked(1));
    let answering = tokio::task::spawn_blocking(move || {
        let next = server.recv_multipart(0).unwrap();
        // Late, and to a socket that is gone; then the one that is waited for.
        server.send_multipart(&envelope, 0).unwrap();
        server.send_multipart(&next, 0).unwrap();
        server
    });
    assert_eq!(
        link.exchange(asked(2).to_vec()).await,
        Ok(asked(2).to_vec())
    );
    answering.await.unwrap();
}

#[tokio::test]
async fn an_endpoint_that_is_none_leaves_the_request_unsent() {
    let mut link = ReqLink::connect("tcp://nonsense", None).unwrap();
    let outcome = link.exchange(vec![1]).await;
    assert_eq!(outcome, Err(ReqError::NotSent(zmq::Error::EINVAL)));
}

#[tokio::test]
async fn a_reply_of_eight_mebibytes_comes_and_a_larger_one_closes_its_connection() {
    let context = zmq::Context::new();
    let (server, endpoint) = server_in(&context);
    let events = context.socket(zmq::PAIR).unwrap();
    events.set_rcvtimeo(20_000).unwrap();
    let lost = i32::from(zmq::SocketEvent::DISCONNECTED.to_raw());
    server.monitor("inproc://lost", lost).unwrap();
    events.connect("inproc://lost").unwrap();
    let largest = usize::try_from(MAX_REPLY).unwrap();
    let mut link = ReqLink::connect(&endpoint, None).unwrap();
    let answering = tokio::task::spawn_blocking(move || {
        for length in [largest, largest + 1] {
            let mut envelope = server.recv_multipart(0).unwrap();
            *envelope.last_mut().unwrap() = vec![b'x'; length];
            server.send_multipart(envelope, 0).unwrap();
        }
        events.recv_multipart(0).unwrap();
        server
    });
    assert_eq!(link.exchange(vec![1]).await.unwrap().len(), largest);
    tokio::select! {
        biased;
        reply = link.exchange(vec![2]) => panic!("{reply:?}"),
        closed = answering => drop(closed.unwrap()),
    }
}
