//! The client's thread against a server that answers when it is told to.

use super::{ReqError, ReqLink};

/// A ROUTER, which may leave requests unanswered.
fn server() -> (zmq::Socket, String) {
    let server = zmq::Context::new().socket(zmq::ROUTER).unwrap();
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
    let mut link = ReqLink::connect(&endpoint).unwrap();
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
    let mut link = ReqLink::connect("tcp://nonsense").unwrap();
    let outcome = link.exchange(vec![1]).await;
    assert_eq!(outcome, Err(ReqError::NotSent(zmq::Error::EINVAL)));
}
