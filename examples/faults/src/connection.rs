//! One connection: hyper reads the requests and writes what is well formed; for the rest the connection is taken from it.

use std::future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION, TRANSFER_ENCODING};
use http::response::Parts;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::sync::mpsc;

use crate::script::Script;
use crate::shared::{LOOP, Shared};
use crate::step::{Answer, Fault, Step, Work};
use crate::wire::Wire;

/// Bytes that are read of a request's body, and of the application's answer.
const LIMIT: usize = 64 * 1024 * 1024;

/// Serves the connection until it ends.
pub(crate) async fn serve(wire: impl Wire, shared: Arc<Shared>) {
    let (hand_over, mut taken) = mpsc::channel(1);
    let service = service_fn(move |request| {
        let (shared, hand_over) = (Arc::clone(&shared), hand_over.clone());
        async move {
            match handle(request, &shared).await? {
                Outcome::Respond(response) => Ok::<_, io::Error>(response),
                Outcome::Perform(script) => {
                    // Whoever holds the other end takes the connection, and this future is dropped with it.
                    let _ = hand_over.send(script).await;
                    future::pending().await
                }
            }
        }
    });
    let mut connection = http1::Builder::new()
        .auto_date_header(false)
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(wire), service);
    let script = tokio::select! {
        // The client's going away in the middle of a request is an error to hyper and none to us.
        _ = &mut connection => return,
        Some(script) = taken.recv() => script,
    };
    script
        .perform(connection.into_parts().io.into_inner())
        .await;
}

enum Outcome {
    Respond(Response),
    Perform(Script),
}

/// An error ends the connection: the client has left, or the application has panicked.
async fn handle(request: Request<Incoming>, shared: &Shared) -> io::Result<Outcome> {
    let (head, incoming) = request.into_parts();
    let (number, step) = shared.arrived(&head);
    if matches!(step.fault(), Fault::ResetUnread) {
        return Ok(Outcome::Perform(Script::reset()));
    }
    let body = match Limited::new(incoming, LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return Ok(Outcome::Respond(too_large(shared)));
        }
        Err(error) => return Err(io::Error::other(error)),
    };
    shared.read(number, &body, step.works());
    let request = Request::from_parts(head, Body::from(body));
    let worked = match step.work() {
        Work::Never => None,
        Work::First => Some(work(request, shared).await?),
        Work::Later(delay) => {
            work_later(request, shared, delay);
            None
        }
    };
    outcome(&step, worked, shared).await
}

/// The application does its work whether or not the client waits for it, as those of real servers do.
async fn work(request: Request<Body>, shared: &Shared) -> io::Result<Response> {
    let answer = TowerToHyperService::new(shared.application()).call(request);
    let Ok(response) = tokio::spawn(answer).await?;
    Ok(response)
}

/// Its answer is nobody's: the client is told something else meanwhile.
fn work_later(request: Request<Body>, shared: &Shared, delay: Duration) {
    let application = TowerToHyperService::new(shared.application());
    tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        let Ok(_) = application.call(request).await;
    });
}

async fn outcome(step: &Step, worked: Option<Response>, shared: &Shared) -> io::Result<Outcome> {
    let script = match (step.fault(), worked) {
        (Fault::Pass, Some(response)) => return Ok(Outcome::Respond(dated(response, shared))),
        (Fault::WrongContentType, Some(mut response)) => {
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, html);
            return Ok(Outcome::Respond(dated(response, shared)));
        }
        (Fault::TruncatedJson, Some(response)) => {
            let (mut parts, mut body) = json(response, shared).await?;
            parts.headers.remove(CONTENT_LENGTH);
            body.truncate(body.len() / 2);
            return Ok(Outcome::Respond(Response::from_parts(
                parts,
                Body::from(body),
            )));
        }
        (Fault::SlowHeaders(over), Some(response)) => {
            let (parts, body) = json(response, shared).await?;
            Script::slow_headers(parts, body, *over)
        }
        (Fault::SlowBody(over), Some(response)) => {
            let (parts, body) = json(response, shared).await?;
            Script::slow_body(parts, body, *over)
        }
        (Fault::TruncatedTransfer, Some(response)) => {
            let (parts, body) = json(response, shared).await?;
            Script::truncated_transfer(parts, body)
        }
        (Fault::Answer(answer), _) => return Ok(Outcome::Respond(answered(answer, shared))),
        (Fault::RedirectLoop, _) => return Ok(Outcome::Respond(redirected(shared))),
        (Fault::LongBody(bytes), _) => Script::long_body(opening(shared), *bytes),
        (Fault::EndlessBody, _) => Script::endless_body(opening(shared)),
        (Fault::Garbage, _) => Script::garbage(),
        (Fault::Hang, _) => Script::hang(),
        // The others are made of the application's answer, without which there is nothing to send.
        _ => Script::reset(),
    };
    Ok(Outcome::Perform(script))
}

/// The application's answer, read whole. An empty one is taken for `{}` with status 200: half of nothing is nothing.
async fn json(response: Response, shared: &Shared) -> io::Result<(Parts, Bytes)> {
    let (mut parts, body) = dated(response, shared).into_parts();
    let body = Limited::new(body, LIMIT)
        .collect()
        .await
        .map_err(io::Error::other)?
        .to_bytes();
    if !body.is_empty() {
        return Ok((parts, body));
    }
    if parts.status == StatusCode::NO_CONTENT {
        parts.status = StatusCode::OK;
    }
    Ok((parts, Bytes::from_static(b"{}")))
}

fn dated(mut response: Response, shared: &Shared) -> Response {
    shared.date(response.headers_mut());
    response
}

fn empty(status: StatusCode, shared: &Shared) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    dated(response, shared)
}

fn too_large(shared: &Shared) -> Response {
    empty(StatusCode::PAYLOAD_TOO_LARGE, shared)
}

fn redirected(shared: &Shared) -> Response {
    let mut response = empty(StatusCode::TEMPORARY_REDIRECT, shared);
    response
        .headers_mut()
        .insert(LOCATION, HeaderValue::from_static(LOOP));
    response
}

/// The head of an answer that is made up here.
fn opening(shared: &Shared) -> Parts {
    let (mut parts, ()) = http::Response::new(()).into_parts();
    parts
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    shared.date(&mut parts.headers);
    parts
}

fn answered(answer: &Answer, shared: &Shared) -> Response {
    let mut response = Response::new(Body::from(answer.body.clone()));
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    headers.clone_from(&answer.headers);
    // A length that is wrong is `TruncatedTransfer`'s; here hyper counts.
    headers.remove(CONTENT_LENGTH);
    headers.remove(TRANSFER_ENCODING);
    if let Some(content_type) = answer.content_type() {
        headers.insert(CONTENT_TYPE, content_type);
    }
    let date = shared.date(headers);
    if let Some(form) = &answer.retry_after {
        form.write(headers, date);
    }
    response
}
