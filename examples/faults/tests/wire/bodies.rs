//! Bodies and heads that are late, cut, long, or none.

use std::time::Duration;

use http::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use wait_or_die_example_faults::{Server, Step};

use crate::{ANSWER, DATE, GET, exchange, head, in_memory, last};

const SECOND: Duration = Duration::from_secs(1);

/// What has come and when, piece by piece, until the end of the connection.
async fn pieces(mut stream: DuplexStream) -> Vec<(Duration, String)> {
    stream.write_all(GET.as_bytes()).await.unwrap();
    #[allow(clippy::disallowed_methods)] // the clock is tokio's and stands still
    let start = tokio::time::Instant::now();
    let mut pieces = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let size = stream.read(&mut buffer).await.unwrap();
        if size == 0 {
            return pieces;
        }
        let text = String::from_utf8(buffer[..size].to_vec()).unwrap();
        pieces.push((start.elapsed(), text));
    }
}

fn whole(length: usize) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ndate: {DATE}\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n"
    )
}

fn text(pieces: &[(Duration, String)]) -> String {
    pieces.iter().map(|(_, text)| text.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_slow_head_comes_in_eight_pieces() {
    let (server, _) = in_memory([Step::slow_headers(8 * SECOND)]);
    let pieces = pieces(server.connect()).await;
    let mut times: Vec<_> = pieces.iter().map(|(at, _)| *at).collect();
    times.dedup(); // the body comes with the last piece
    assert_eq!(
        times,
        (1..=8).map(|piece| piece * SECOND).collect::<Vec<_>>()
    );
    assert!(!pieces[6].1.ends_with("\r\n\r\n"), "{pieces:?}");
    assert_eq!(text(&pieces), whole(16) + ANSWER);
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_comes_in_eight_pieces_behind_its_head() {
    let (server, _) = in_memory([Step::slow_body(Duration::from_millis(1500))]);
    let pieces = pieces(server.connect()).await;
    let head = (Duration::ZERO, whole(16));
    let body = (1..=8).map(|piece: u32| {
        let end = 2 * piece as usize;
        // tokio's timer counts in milliseconds and rounds up.
        let micros = (187_500 * u64::from(piece)).next_multiple_of(1000);
        (
            Duration::from_micros(micros),
            ANSWER[end - 2..end].to_owned(),
        )
    });
    assert_eq!(
        pieces,
        std::iter::once(head).chain(body).collect::<Vec<_>>()
    );
}

#[tokio::test(start_paused = true)]
async fn truncated_json_is_a_whole_transfer_of_half_a_text() {
    let (server, work) = in_memory([Step::truncated_json()]);
    let got = exchange(server.connect(), &last(GET)).await.unwrap();
    assert!(got.contains("\r\ncontent-length: 8\r\n"), "{got}");
    assert!(got.ends_with("\r\n\r\n{\"answer"), "{got}");
    assert_eq!(work.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_truncated_transfer_is_half_of_what_it_promises() {
    let (server, work) = in_memory([Step::truncated_transfer()]);
    let got = exchange(server.connect(), GET).await.unwrap();
    assert_eq!(got, whole(16) + r#"{"answer"#);
    assert_eq!(work.count(), 1);
}

/// Half of nothing is nothing: where the application answers nothing, there is something all the same.
#[tokio::test(start_paused = true)]
async fn an_empty_answer_is_cut_too() {
    let nothing = axum::routing::delete(|| async { http::StatusCode::NO_CONTENT });
    let application = axum::Router::new().route("/", nothing);
    let steps = [Step::truncated_transfer(), Step::truncated_json()];
    let server = Server::in_memory(application, wait_or_die_example_faults::Plan::of(steps));
    let request = last("DELETE / HTTP/1.1\r\nhost: faults\r\n\r\n");
    for length in [2, 1] {
        let got = exchange(server.connect(), &request).await.unwrap();
        assert!(
            got.starts_with("HTTP/1.1 200 OK\r\n") && got.ends_with("\r\n\r\n{"),
            "{got}"
        );
        assert!(
            got.contains(&format!("\r\ncontent-length: {length}\r\n")),
            "{got}"
        );
    }
    assert_eq!(server.requests()[0].method, Method::DELETE);
}

#[tokio::test(start_paused = true)]
async fn garbage_is_no_http() {
    let (server, work) = in_memory([Step::garbage()]);
    let mut stream = server.connect();
    stream.write_all(GET.as_bytes()).await.unwrap();
    let mut got = Vec::new();
    stream.read_to_end(&mut got).await.unwrap();
    assert!(!got.is_empty() && !got.starts_with(b"HTTP/"), "{got:?}");
    assert_eq!(work.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_long_body_is_json_of_exactly_that_length() {
    for bytes in [2, 3, 65_536, 65_538, 200_000] {
        let (server, _) = in_memory([Step::long_body(bytes)]);
        let got = exchange(server.connect(), GET).await.unwrap();
        let (head, body) = got.split_once("\r\n\r\n").unwrap();
        assert!(
            head.contains(&format!("\r\ncontent-length: {bytes}")),
            "{head}"
        );
        assert_eq!(body.len() as u64, bytes);
        let text: String = serde_json::from_str(body).unwrap();
        assert_eq!(text.len() as u64, bytes - 2);
    }
}

/// A gigabyte is promised, and no more of it is sent than what the client takes and the connection holds.
#[tokio::test(start_paused = true)]
async fn a_client_that_has_enough_of_a_gigabyte_leaves() {
    let (server, _) = in_memory([Step::long_body(1 << 30)]);
    let mut stream = server.connect();
    stream.write_all(GET.as_bytes()).await.unwrap();
    let head = head(&mut stream).await.unwrap();
    assert!(
        head.contains("\r\ncontent-length: 1073741824\r\n"),
        "{head}"
    );
    let mut some = vec![0; 100_000];
    stream.read_exact(&mut some).await.unwrap();
    drop(stream);
    let got = exchange(server.connect(), &last(GET)).await.unwrap();
    assert!(got.ends_with(ANSWER), "{got}");
}

#[tokio::test(start_paused = true)]
async fn an_endless_body_is_chunks_of_a_list_without_an_end() {
    let (server, _) = in_memory([Step::endless_body()]);
    let mut stream = server.connect();
    stream.write_all(GET.as_bytes()).await.unwrap();
    let head = head(&mut stream).await.unwrap();
    assert!(
        head.contains("\r\ntransfer-encoding: chunked\r\n") && !head.contains("content-length"),
        "{head}"
    );
    let mut body = String::new();
    while body.len() < 4_000_000 {
        body += &chunk(&mut stream).await;
    }
    let closed = body.trim_end_matches(',').to_owned() + "]";
    let list: Vec<u8> = serde_json::from_str(&closed).unwrap();
    assert!(list.len() > 1_999_000 && list.iter().all(|number| *number == 0));
}

/// One chunk of a chunked body.
async fn chunk(stream: &mut DuplexStream) -> String {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") {
        line.push(stream.read_u8().await.unwrap());
    }
    let size = String::from_utf8(line).unwrap();
    let size = usize::from_str_radix(size.trim_end(), 16).unwrap();
    let mut chunk = vec![0; size + 2];
    stream.read_exact(&mut chunk).await.unwrap();
    assert_eq!(chunk.split_off(size), b"\r\n");
    String::from_utf8(chunk).unwrap()
}
