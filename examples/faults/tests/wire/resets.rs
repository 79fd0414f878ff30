//! Connections that end before there is an answer, on real sockets, and those that never do.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wait_or_die_example_faults::{Fault, Plan, Step};

use crate::{ANSWER, GET, POST, exchange, in_memory, last, on_socket, socket};

#[tokio::test]
async fn a_reset_after_reading_comes_before_or_after_the_work() {
    let (server, work) = on_socket(Plan::of([Step::reset(), Step::reset().after_work()])).await;
    for (number, works) in [(0, false), (1, true)] {
        let error = exchange(socket(&server).await, POST).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        assert_eq!(work.count(), number);
        let received = server.requests().remove(number);
        assert_eq!(received.body, "body");
        assert_eq!(
            (received.met, received.reached_application),
            (Some(Fault::Reset), works)
        );
    }
}

/// The client has sent a head and the beginning of a long body, of which nobody asks for the rest.
#[tokio::test]
async fn a_reset_of_an_unread_request_leaves_its_body_unread() {
    let (server, work) = on_socket(Plan::of([Step::reset_unread().after_work()])).await;
    let request = POST.replace("content-length: 4", "content-length: 1000000");
    let error = exchange(socket(&server).await, &request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    let received = server.requests().remove(0);
    assert_eq!(
        (received.body.len(), received.reached_application),
        (0, false)
    );
    assert_eq!((received.path(), work.count()), ("/asked", 0));
}

/// In memory there is no reset: the stream ends.
#[tokio::test(start_paused = true)]
async fn a_reset_in_memory_is_an_end_without_an_answer() {
    let (server, _) = in_memory([Step::reset()]);
    assert_eq!(exchange(server.connect(), POST).await.unwrap(), "");
    assert_eq!(server.requests()[0].body, "body");
}

#[tokio::test(start_paused = true)]
async fn nothing_comes_of_a_hang() {
    let (server, work) = in_memory([Step::hang(), Step::hang().after_work()]);
    for done in [0, 1] {
        let mut stream = server.connect();
        stream.write_all(GET.as_bytes()).await.unwrap();
        let day = Duration::from_secs(86_400);
        let read = tokio::time::timeout(day, stream.read_u8()).await;
        assert!(read.is_err(), "{read:?}");
        assert_eq!(work.count(), done);
    }
    let got = exchange(server.connect(), &last(GET)).await.unwrap();
    assert!(got.ends_with(ANSWER), "{got}");
}

#[tokio::test(start_paused = true)]
async fn work_may_be_done_long_after_the_client_was_told_that_it_failed() {
    let later = |step: Step| step.working_after(Duration::from_secs(20));
    let failed = Step::status(http::StatusCode::BAD_GATEWAY);
    let (server, work) = in_memory([later(Step::reset()), later(failed)]);
    assert_eq!(exchange(server.connect(), POST).await.unwrap(), "");
    let got = exchange(server.connect(), &last(POST)).await.unwrap();
    assert!(got.starts_with("HTTP/1.1 502 "), "{got}");
    tokio::time::sleep(Duration::from_millis(19_999)).await;
    assert_eq!(work.count(), 0);
    tokio::time::sleep(Duration::from_millis(1)).await;
    tokio::task::yield_now().await;
    assert_eq!(work.count(), 2);
}
