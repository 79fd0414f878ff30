//! For any plan, the requests that reach the server and the time that the call takes are what the policy says.
//!
//! In memory and under the paused clock both are exact. On real sockets, where time is the machine's, the requests are.

mod judge;
mod memory;
mod oracle;
mod plans;
mod sockets;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::post;
use http::header::CONTENT_TYPE;
use wait_or_die_example_faults::Received;

/// What the application answers when it is let.
const ANSWER: &str = r#"{"object":"page","id":"p-1"}"#;

/// The path that it answers on.
const PATH: &str = "/v1/pages";

/// An application that counts what it has done.
fn counting() -> (Router, Arc<AtomicUsize>) {
    let done = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&done);
    let work = move || {
        counter.fetch_add(1, Ordering::Relaxed);
        async { ([(CONTENT_TYPE, "application/json")], ANSWER) }
    };
    (Router::new().route(PATH, post(work)), done)
}

fn worked(requests: &[Received]) -> usize {
    requests
        .iter()
        .filter(|request| request.reached_application)
        .count()
}
