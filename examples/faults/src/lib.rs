//! A loopback HTTP server that misbehaves as a plan says, for demonstrations and tests of HTTP clients.
//!
//! Behind the faults stands an application of one's own, an axum [`Router`](axum::Router), which sees only the requests
//! that are let through. What a request meets is said by a [`Plan`]: steps, each for one request, and outages, each for a
//! number of requests or a time; afterwards the server is healthy. Every request that arrives is [recorded](Received).
//!
//! ```
//! use std::time::Duration;
//!
//! use axum::Router;
//! use axum::routing::post;
//! use http::{Method, StatusCode};
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//! use tokio::net::TcpStream;
//! use wait_or_die_example_faults::{Answer, Fault, Plan, RetryAfter, Server, Step};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let application = Router::new().route("/v1/pages", post(|| async { r#"{"id":"p-1"}"# }));
//! let overloaded = Answer::status(StatusCode::SERVICE_UNAVAILABLE).with_body(r#"{"code":"overloaded"}"#);
//! let plan = Plan::of([
//!     Step::retry_after(RetryAfter::Seconds(1)),
//!     Step::answer(overloaded.with_retry_after(RetryAfter::Millis(250))),
//!     // The page is made, and its client never hears of it.
//!     Step::reset().after_work().on(Method::POST, "/v1/pages"),
//! ])
//! .outage_between(Duration::from_secs(60)..Duration::from_secs(90), Step::status(StatusCode::BAD_GATEWAY));
//! let server = Server::start(application, plan).await?;
//!
//! let request = "POST /v1/pages HTTP/1.1\r\nhost: faults\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
//! let mut answers = Vec::new();
//! for _ in 0..4 {
//!     let mut stream = TcpStream::connect(server.url().trim_start_matches("http://")).await?;
//!     stream.write_all(request.as_bytes()).await?;
//!     let mut answer = String::new();
//!     let read = stream.read_to_string(&mut answer).await;
//!     answers.push(read.map_or("reset".to_owned(), |_| answer[9..12].to_owned()));
//! }
//! assert_eq!(answers, ["429", "503", "reset", "200"]);
//!
//! let requests = server.requests();
//! assert_eq!(requests[2].met, Some(Fault::Reset));
//! assert!(requests[2].reached_application);
//! # Ok(())
//! # }
//! ```
//!
//! # What a client sees
//!
//! | step | on the wire | the application has worked |
//! |---|---|---|
//! | [`pass`](Step::pass), no step | its answer | yes |
//! | [`status`](Step::status), [`answer`](Step::answer), [`retry_after`](Step::retry_after) | that answer, well formed; the connection stays | if `after_work` |
//! | [`slow_headers`](Step::slow_headers), [`slow_body`](Step::slow_body) | its answer in eight pieces | yes |
//! | [`reset_unread`](Step::reset_unread) | RST when the head of the request has come | no |
//! | [`reset`](Step::reset) | RST when the request has been read | if `after_work` |
//! | [`truncated_json`](Step::truncated_json) | the first half of its body, the `Content-Length` of that half | yes |
//! | [`truncated_transfer`](Step::truncated_transfer) | the first half of its body, the `Content-Length` of the whole, FIN | yes |
//! | [`garbage`](Step::garbage) | bytes that are no HTTP, FIN | if `after_work` |
//! | [`redirect_loop`](Step::redirect_loop) | 307 to an address that answers 307 to itself for ever | if `after_work` |
//! | [`wrong_content_type`](Step::wrong_content_type) | its answer as `text/html` | yes |
//! | [`long_body`](Step::long_body) | 200, a JSON string of that length | if `after_work` |
//! | [`endless_body`](Step::endless_body) | 200, a JSON list in chunks, without an end | if `after_work` |
//! | [`hang`](Step::hang) | nothing | if `after_work` |
//!
//! Connections refused are no step, since no request arrives: [`Server::go_down`] and [`Server::come_back`].
//!
//! The server speaks HTTP/1.1 without TLS. It reads 64 MiB of a request's body and answers 413 to more; it reads as much
//! of the application's answer where a step changes that answer. A panic of the application ends the connection that it
//! was for.
//!
//! # Time
//!
//! All of it is tokio's: slow answers, outages, [`Received::at`], and the server's `Date`, which begins with the machine's
//! or that of [`Plan::with_date`] and goes on from there.
//!
//! Under the paused clock a runtime goes on to its next timer as soon as no task is ready, and does not wait for sockets.
//! A deadline of five minutes is therefore over before the kernel has delivered the first byte. For exact times, let the
//! client talk to the server [in memory](Server::in_memory): the bytes pass between tasks of the runtime, and its clock
//! stands until all of them have nothing to do but wait. A client that cannot do without sockets keeps its time real, and
//! is counted by its requests.
//!
//! # Bodies that are too long
//!
//! [`Step::long_body`]`(1 << 30)` promises a gigabyte in its `Content-Length`, [`Step::endless_body`] promises nothing. A
//! client needs a limit that holds against both: it refuses by the promise where there is one, and counts what it reads
//! where there is none or where it is wrong. It is tested by giving it either step and a limit of some kilobytes: the call
//! must end with the client's error for a body that is too long (and not with one of decoding, which a client without a
//! limit gives after the gigabyte), [`Server::count`] must be 1, because such an answer is not asked for again, and the next
//! call, which meets no step, must succeed.
mod clock;
mod connection;
mod plan;
mod received;
mod retry_after;
mod script;
mod server;
mod shared;
mod step;
mod wire;

pub use plan::Plan;
pub use received::Received;
pub use retry_after::RetryAfter;
pub use server::Server;
pub use step::{Answer, Fault, Step};
