//! What the server remembers of a request.

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use axum::body::Bytes;
use http::header::HeaderMap;
use http::{Method, Uri};
use wait_or_die::redact;

use crate::step::Fault;

/// A request that reached the server.
///
/// `Debug` shows headers and address as [`redact::headers`] and [`redact::url`] let them through, and of the body only its
/// length: what tests print holds no credentials and no prompts.
#[derive(Clone)]
pub struct Received {
    /// The method.
    pub method: Method,
    /// Path and query, as the client wrote them.
    pub uri: Uri,
    /// The headers, credentials and all.
    pub headers: HeaderMap,
    /// The body; empty if it was not read, or has not come yet.
    pub body: Bytes,
    /// When its head had arrived: since the server was started, on tokio's clock.
    pub at: Duration,
    /// What it met; `None` if it was neither a step's nor an outage's.
    pub met: Option<Fault>,
    /// Whether the application was given it.
    pub reached_application: bool,
}

impl Received {
    /// The path, without the query.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// The body is no JSON.
    pub fn json(&self) -> Result<serde_json::Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("method", &self.method)
            .field("uri", &format_args!("{}", redact::url(&self.uri)))
            .field(
                "headers",
                &format_args!("{}", redact::headers(&self.headers)),
            )
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("at", &self.at)
            .field("met", &self.met)
            .field("reached_application", &self.reached_application)
            .finish()
    }
}
