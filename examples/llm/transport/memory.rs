//! A connection without a socket, for tests under a paused clock.

use hyper_util::rt::TokioIo;
use reqwest::{Body, Request, Response};
use wait_or_die::Verdict;
use wait_or_die_example_faults::Server;

use crate::error::CallError;

pub(super) async fn send(server: &Server, request: Request) -> Result<Response, CallError> {
    let stream = TokioIo::new(server.connect());
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream)
        .await
        .map_err(lost)?;
    // Ends with the answer's body.
    tokio::spawn(connection);
    let mut request =
        http::Request::<Body>::try_from(request).map_err(|error| CallError::lost(&error))?;
    let host = request.uri().authority().map(ToString::to_string);
    if let Some(host) = host.and_then(|host| host.parse().ok()) {
        request.headers_mut().insert(http::header::HOST, host);
    }
    let path = request.uri().path_and_query().cloned();
    *request.uri_mut() = path.map(http::Uri::from).unwrap_or_default();
    let response = sender.send_request(request).await.map_err(lost)?;
    Ok(Response::from(response.map(Body::wrap)))
}

fn lost(_: hyper::Error) -> CallError {
    CallError::Lost {
        what: "the connection was lost before an answer",
        cause: None,
        verdict: Verdict::Transient,
    }
}
