//! Servers that go away, come back, and end.

use std::io::ErrorKind;

use http::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wait_or_die_example_faults::{Plan, Step};

use crate::{ANSWER, GET, address, exchange, head, in_memory, last, on_socket, socket};

/// A connection on which a request has been answered.
async fn in_use(server: &wait_or_die_example_faults::Server) -> TcpStream {
    let mut stream = socket(server).await;
    stream.write_all(GET.as_bytes()).await.unwrap();
    head(&mut stream).await.unwrap();
    let mut body = [0; ANSWER.len()];
    stream.read_exact(&mut body).await.unwrap();
    stream
}

#[tokio::test]
async fn a_server_that_is_down_refuses_and_comes_back_where_it_was() {
    let (server, work) = on_socket(Plan::of([Step::pass(), Step::status(StatusCode::GONE)])).await;
    let url = server.url();
    for round in 1..=3 {
        let mut stream = in_use(&server).await;
        server.go_down().await;
        assert_eq!(stream.read(&mut [0]).await.unwrap_or(0), 0, "cut");
        let refused = TcpStream::connect(address(&server)).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        server.come_back().await.unwrap();
        if round == 1 {
            let got = exchange(socket(&server).await, &last(GET)).await.unwrap();
            assert!(got.starts_with("HTTP/1.1 410 Gone\r\n"), "{got}");
        }
        assert_eq!(work.count(), round);
    }
    assert_eq!((server.url(), server.count()), (url, 4));
}

#[tokio::test]
async fn asking_twice_changes_nothing() {
    let (server, work) = on_socket(Plan::healthy()).await;
    server.come_back().await.unwrap();
    in_use(&server).await;
    server.go_down().await;
    server.go_down().await;
    let refused = TcpStream::connect(address(&server)).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    server.come_back().await.unwrap();
    server.come_back().await.unwrap();
    in_use(&server).await;
    assert_eq!(work.count(), 2);
}

#[tokio::test]
async fn a_server_that_is_dropped_cuts_its_connections() {
    let (server, _) = on_socket(Plan::of([Step::pass(), Step::hang()])).await;
    let (address, mut idle) = (address(&server), in_use(&server).await);
    let mut hanging = socket(&server).await;
    hanging.write_all(GET.as_bytes()).await.unwrap();
    drop(server);
    assert_eq!(idle.read(&mut [0]).await.unwrap_or(0), 0);
    assert_eq!(hanging.read(&mut [0]).await.unwrap_or(0), 0);
    let refused = TcpStream::connect(address).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
}

#[tokio::test(start_paused = true)]
async fn in_memory_going_down_cuts_the_connections() {
    let (server, _) = in_memory([Step::hang()]);
    assert_eq!(server.url(), "http://faults.test");
    let mut stream = server.connect();
    stream.write_all(GET.as_bytes()).await.unwrap();
    tokio::task::yield_now().await;
    server.go_down().await;
    assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
    server.come_back().await.unwrap();
    let server_debug = format!("{server:?}");
    assert!(
        server_debug.starts_with("Server { url: \"http://faults.test\", requests: "),
        "{server_debug}"
    );
}
