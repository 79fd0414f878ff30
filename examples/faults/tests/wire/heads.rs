//! Answers that are well formed.

use std::time::Duration;

use http::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wait_or_die_example_faults::{Answer, Plan, RetryAfter, Step};

use crate::{ANSWER, DATE, GET, POST, exchange, head, in_memory, last, on_socket, socket};

/// What the client gets for one request: the status, the other lines of the head in alphabetical order, the body.
async fn answer(step: Step) -> (u16, Vec<String>, String) {
    let (server, _) = in_memory([step]);
    let got = exchange(server.connect(), &last(GET)).await.unwrap();
    let (head, body) = got.split_once("\r\n\r\n").unwrap();
    let (status, lines) = head.split_once("\r\n").unwrap();
    let status = status.strip_prefix("HTTP/1.1 ").unwrap()[..3]
        .parse()
        .unwrap();
    let mut lines: Vec<_> = lines.split("\r\n").map(str::to_owned).collect();
    lines.sort();
    (status, lines, body.to_owned())
}

#[tokio::test(start_paused = true)]
async fn an_answer_has_the_status_headers_and_body_that_it_was_given() {
    let name = HeaderName::from_static("x-should-retry");
    let given = Answer::status(StatusCode::from_u16(529).unwrap())
        .with_header(name.clone(), HeaderValue::from_static("true"))
        .with_header(name, HeaderValue::from_static("false"))
        .with_header(CONTENT_LENGTH, HeaderValue::from_static("99"))
        .with_body(r#"{"code":"overloaded"}"#);
    let (status, lines, body) = answer(Step::answer(given)).await;
    let date = format!("date: {DATE}");
    let expected = [
        "connection: close",
        "content-length: 21",
        "content-type: application/json",
        &date,
        "x-should-retry: false",
        "x-should-retry: true",
    ];
    assert_eq!((status, body.as_str()), (529, r#"{"code":"overloaded"}"#));
    assert_eq!(lines, expected);

    let (status, lines, body) = answer(Step::status(StatusCode::BAD_GATEWAY)).await;
    assert_eq!((status, body.as_str()), (502, ""));
    assert_eq!(lines, ["connection: close", "content-length: 0", &date]);
}

#[tokio::test(start_paused = true)]
async fn each_form_of_retry_after_goes_out_as_it_is_written() {
    let minute = Duration::from_secs(60);
    let forms = [
        (RetryAfter::Seconds(7), "retry-after: 7"),
        (RetryAfter::Millis(1500), "retry-after-ms: 1500"),
        (
            RetryAfter::ImfFixdate(minute),
            "retry-after: Sun, 06 Nov 1994 08:50:37 GMT",
        ),
        (
            RetryAfter::Rfc850(minute),
            "retry-after: Sunday, 06-Nov-94 08:50:37 GMT",
        ),
        (
            RetryAfter::Asctime(minute),
            "retry-after: Sun Nov  6 08:50:37 1994",
        ),
    ];
    let absurd = RetryAfter::absurd().zip(RetryAfter::ABSURD);
    let absurd = absurd.map(|(form, text)| (form, format!("retry-after: {text}")));
    let forms = forms.map(|(form, line)| (form, line.to_owned()));
    for (form, line) in forms.into_iter().chain(absurd) {
        let (status, lines, body) = answer(Step::retry_after(form)).await;
        let date = format!("date: {DATE}");
        let expected = ["connection: close", "content-length: 0", &date, &line];
        assert_eq!((status, body.as_str()), (429, ""));
        assert_eq!(lines, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn the_servers_date_goes_on_with_the_clock() {
    let (server, _) = in_memory([Step::retry_after(RetryAfter::ImfFixdate(
        Duration::from_secs(60),
    ))]);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let got = exchange(server.connect(), &last(GET)).await.unwrap();
    assert!(
        got.contains("\r\ndate: Sun, 06 Nov 1994 08:49:40 GMT\r\n"),
        "{got}"
    );
    assert!(
        got.contains("\r\nretry-after: Sun, 06 Nov 1994 08:50:40 GMT\r\n"),
        "{got}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_redirect_loop_has_no_way_out_and_uses_up_one_step() {
    let (server, work) = in_memory([Step::redirect_loop(), Step::hang()]);
    for target in ["/asked", "/redirect-loop", "/redirect-loop"] {
        let request = last(&GET.replace("/asked", target));
        let got = exchange(server.connect(), &request).await.unwrap();
        assert!(
            got.starts_with("HTTP/1.1 307 Temporary Redirect\r\n"),
            "{got}"
        );
        assert!(got.contains("\r\nlocation: /redirect-loop\r\n"), "{got}");
    }
    assert_eq!(
        (server.count(), server.steps_left(), work.count()),
        (3, 1, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn a_wrong_content_type_is_all_that_is_wrong() {
    let (status, lines, body) = answer(Step::wrong_content_type()).await;
    let date = format!("date: {DATE}");
    let expected = [
        "connection: close",
        "content-length: 16",
        "content-type: text/html; charset=utf-8",
        &date,
    ];
    assert_eq!((status, body.as_str()), (200, ANSWER));
    assert_eq!(lines, expected);
}

/// Answers, of the application and in its place, keep the connection; what comes on it is numbered and met in order.
#[tokio::test]
async fn well_formed_answers_keep_the_connection() {
    let bad = Step::answer(Answer::status(StatusCode::BAD_GATEWAY).with_body("0123456789abcdef"));
    let (server, work) = on_socket(Plan::of([Step::pass(), bad])).await;
    let mut stream = socket(&server).await;
    let mut statuses = Vec::new();
    for request in [POST, GET, GET] {
        stream.write_all(request.as_bytes()).await.unwrap();
        let head = head(&mut stream).await.unwrap();
        statuses.push(head.split(' ').nth(1).unwrap().to_owned());
        let mut body = [0; 16];
        stream.read_exact(&mut body).await.unwrap();
    }
    assert_eq!(statuses, ["200", "502", "200"]);
    assert_eq!(work.count(), 2);
    let requests = server.requests();
    let seen: Vec<_> = requests
        .iter()
        .map(|request| (&request.method, request.body.as_ref()))
        .collect();
    assert_eq!(
        seen,
        [
            (&Method::POST, &b"body"[..]),
            (&Method::GET, b""),
            (&Method::GET, b"")
        ]
    );
}
