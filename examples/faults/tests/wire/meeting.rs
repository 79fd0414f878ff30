//! Which request meets what, and what is remembered of it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::post;
use http::{Method, StatusCode};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use wait_or_die_example_faults::{Fault, Plan, Server, Step};

use crate::{GET, POST, Work, exchange, in_memory, last, on_socket, socket};

const SECOND: Duration = Duration::from_secs(1);

/// The status that one request gets.
async fn status(server: &Server, request: &str) -> String {
    let got = exchange(server.connect(), &last(request)).await.unwrap();
    got.split(' ').nth(1).unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn steps_are_met_by_the_requests_that_they_are_bound_to() {
    let bad = Step::status(StatusCode::BAD_GATEWAY).on(Method::POST, "/asked");
    let gone = Step::status(StatusCode::GONE).on_path("/a*");
    let (server, work) = in_memory([bad, gone]);
    let mut statuses = Vec::new();
    for request in [GET, GET, &GET.replace("/asked", "/other"), POST, POST] {
        statuses.push(status(&server, request).await);
    }
    assert_eq!(statuses, ["410", "200", "404", "502", "200"]);
    assert_eq!((work.count(), server.steps_left()), (2, 0));
    let met: Vec<bool> = server
        .requests()
        .iter()
        .map(|request| request.met.is_some())
        .collect();
    assert_eq!(met, [true, false, false, true, false]);
}

#[tokio::test(start_paused = true)]
async fn an_outage_lasts_its_time_and_a_new_plan_begins_its_own() {
    let outage = || {
        Plan::healthy().outage_between(SECOND..3 * SECOND, Step::status(StatusCode::BAD_GATEWAY))
    };
    let server = Server::in_memory(Work::default().application(), outage());
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(status(&server, GET).await);
        tokio::time::sleep(SECOND).await;
    }
    server.set_plan(outage().outage_of_requests(0..1, Step::status(StatusCode::GONE)));
    for _ in 0..4 {
        statuses.push(status(&server, GET).await);
        tokio::time::sleep(SECOND).await;
    }
    assert_eq!(
        statuses,
        ["200", "502", "502", "200", "410", "502", "502", "200"]
    );
    let times: Vec<_> = server.requests().iter().map(|request| request.at).collect();
    assert_eq!(
        times,
        (0..8).map(|second| second * SECOND).collect::<Vec<_>>()
    );
}

/// However many come at once, each step is met once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_step_is_met_once() {
    let plan = Plan::of(Step::reset().times(10)).then(Step::status(StatusCode::GONE).times(10));
    let (server, work) = on_socket(plan).await;
    let server = Arc::new(server);
    let mut clients = JoinSet::new();
    for _ in 0..50 {
        let server = Arc::clone(&server);
        clients.spawn(async move {
            exchange(socket(&server).await, &last(POST))
                .await
                .is_ok_and(|got| !got.is_empty())
        });
    }
    let answered = clients
        .join_all()
        .await
        .into_iter()
        .filter(|answered| *answered)
        .count();
    assert_eq!(
        (server.count(), work.count(), answered, server.steps_left()),
        (50, 30, 40, 0)
    );
    let requests = server.requests();
    let resets = requests
        .iter()
        .filter(|request| request.met == Some(Fault::Reset))
        .count();
    assert_eq!(resets, 10);
    assert!(requests.iter().all(|request| request.body == "body"));
}

/// A real server does not stop its work because the client has left.
#[tokio::test(start_paused = true)]
async fn work_is_finished_though_nobody_waits_for_it() {
    let (begun, go_on, done) = (
        Arc::new(Notify::new()),
        Arc::new(Notify::new()),
        Arc::new(Notify::new()),
    );
    let of_work = (Arc::clone(&begun), Arc::clone(&go_on), Arc::clone(&done));
    let work = move || async move {
        let (begun, go_on, done) = of_work;
        begun.notify_one();
        go_on.notified().await;
        done.notify_one();
    };
    let server = Server::in_memory(Router::new().route("/asked", post(work)), Plan::healthy());
    let mut stream = server.connect();
    stream.write_all(POST.as_bytes()).await.unwrap();
    begun.notified().await;
    drop(stream);
    tokio::time::sleep(SECOND).await; // the server sees that the client is gone
    go_on.notify_one();
    let finished = tokio::time::timeout(SECOND, done.notified()).await;
    assert!(finished.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_the_application_ends_one_connection() {
    let application = Router::new().route("/asked", post(panics).get(|| async { "well" }));
    let server = Server::in_memory(application, Plan::healthy());
    assert_eq!(exchange(server.connect(), POST).await.unwrap(), "");
    assert_eq!(status(&server, GET).await, "200");
}

async fn panics() {
    panic!("as it is to");
}

/// More than 64 MiB of a request's body are not held.
#[tokio::test(start_paused = true)]
async fn a_request_that_is_too_large_is_refused() {
    let (server, work) = in_memory([]);
    let (mut reading, mut writing) = tokio::io::split(server.connect());
    let writer = tokio::spawn(async move {
        let length = 64 * 1024 * 1024 + 1;
        let head = POST.replace("content-length: 4", &format!("content-length: {length}"));
        let body = vec![b'a'; length - 4];
        // The server may leave as soon as it has had enough.
        let _ = writing.write_all(head.as_bytes()).await;
        let _ = writing.write_all(&body).await;
    });
    let head = crate::head(&mut reading).await.unwrap();
    assert!(
        head.starts_with("HTTP/1.1 413 Payload Too Large\r\n"),
        "{head}"
    );
    writer.abort();
    assert_eq!((work.count(), server.requests()[0].body.len()), (0, 0));
}
