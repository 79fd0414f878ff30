//! What can go wrong with a call, and what each of it deserves.
//!
//! No error holds a word of the request or of an answer: services quote the one in the other, and errors go to logs.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use wait_or_die::classify::http::Exchange;
use wait_or_die::{Classify, Verdict};

use crate::provider::{Code, Malformed, Told};

/// What is lost before anything is sent.
const NO_CONNECTION: &str = "no connection";

/// Failures of one call.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// The service answered with an error.
    #[error("{}{}{}", Status(*.status), Prefixed(", ", .code), Prefixed(", ", .request))]
    Answered {
        status: StatusCode,
        code: Option<Code>,
        request: Option<RequestId>,
        verdict: Verdict,
        /// Whether the service certainly did nothing for it.
        is_free: bool,
    },
    /// There was no answer, or not all of it.
    #[error("{what}{}", Prefixed(": ", .cause))]
    Lost {
        what: &'static str,
        cause: Option<io::ErrorKind>,
        verdict: Verdict,
    },
    /// An answer that is not what the service is documented to answer. Asking again would most likely give the same, and
    /// cost as much.
    #[error("not an answer of this service: {0}")]
    Malformed(&'static str),
    /// An answer that came whole and is of no use.
    #[error("an answer of no use: {what}")]
    Useless {
        what: &'static str,
        verdict: Verdict,
    },
    /// A part of the answer has been shown already, so that it cannot be asked for again without anybody's noticing.
    #[error(
        "the stream broke off after it had begun ({why}); {arrived} bytes of the answer had arrived"
    )]
    Broken { why: String, arrived: usize },
    /// The program's own fault.
    #[error("cannot be asked: {0}")]
    Asking(&'static str),
    /// The call ended without an error of its own: its time was used up, or its breaker did not let it through.
    #[error(transparent)]
    Died(#[from] wait_or_die::Error),
}

impl Classify for CallError {
    fn classify(&self) -> Verdict {
        match self {
            Self::Answered { verdict, .. }
            | Self::Lost { verdict, .. }
            | Self::Useless { verdict, .. } => *verdict,
            Self::Malformed(_) | Self::Asking(_) => Verdict::Permanent,
            Self::Broken { .. } => Verdict::Fault,
            Self::Died(error) => error.classify(),
        }
    }
}

impl From<Malformed> for CallError {
    fn from(_: Malformed) -> Self {
        Self::Malformed("what it holds is not as documented")
    }
}

impl CallError {
    /// What a service answered, and the part of its body that was read.
    pub(crate) fn answered(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        Self::told(&Told::of_body(body), status, headers)
    }

    /// What a service told in a stream that had not begun.
    pub(crate) fn in_stream(told: &Told) -> Self {
        Self::told(told, told.status(), &HeaderMap::new())
    }

    fn told(told: &Told, status: StatusCode, headers: &HeaderMap) -> Self {
        Self::Answered {
            status,
            code: told.code(),
            request: RequestId::of(headers),
            verdict: told.verdict(status, headers),
            is_free: status.as_u16() == 529
                || (status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT),
        }
    }

    /// What reqwest says. A completion changes nothing, so it may be asked for twice although it is a `POST`.
    pub(crate) fn lost(error: &reqwest::Error) -> Self {
        let what = if error.is_connect() {
            NO_CONNECTION
        } else if error.is_timeout() {
            "timed out"
        } else if error.is_builder() {
            "the request cannot be built"
        } else if error.is_body() || error.is_decode() {
            "the connection was lost in the middle of the answer"
        } else {
            "the connection was lost before an answer"
        };
        Self::Lost {
            what,
            cause: io_kind(error),
            verdict: Exchange::idempotent().error(error),
        }
    }

    /// Whether it certainly cost nothing.
    pub(crate) fn is_free(&self) -> bool {
        match self {
            Self::Answered { is_free, .. } => *is_free,
            // Not even sent.
            Self::Lost { what, .. } => *what == NO_CONNECTION,
            Self::Asking(_) => true,
            _ => false,
        }
    }
}

/// The kind of the first input/output error inside, which says more than reqwest does, and nothing of the request.
fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(error.kind());
        }
        source = error.source();
    }
    None
}

/// By which the service finds the request in its own log. Only what looks like one: a header may hold anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(String);

impl RequestId {
    const LONGEST: usize = 64;

    fn of(headers: &HeaderMap) -> Option<Self> {
        let named = ["request-id", "x-request-id"].into_iter();
        let id = named
            .filter_map(|name| headers.get(name))
            .find_map(|id| id.to_str().ok())?;
        let plain = id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        (id.starts_with("req_") && id.len() <= Self::LONGEST && plain).then(|| Self(id.to_owned()))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A status as it is written, also where it has no name: 529 has none.
struct Status(StatusCode);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())?;
        let name = self.0.canonical_reason();
        name.map_or(Ok(()), |name| write!(f, " {name}"))
    }
}

/// A value with what stands before it, or nothing.
struct Prefixed<'a, T>(&'static str, &'a Option<T>);

impl<T: fmt::Display> fmt::Display for Prefixed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(value) => write!(f, "{}{value}", self.0),
            None => Ok(()),
        }
    }
}

/// Reads a body to its end, and no further than `limit` bytes.
///
/// # Errors
/// The connection was lost, or the body is longer.
pub(crate) async fn read_bounded(
    mut response: Response,
    limit: usize,
) -> Result<Vec<u8>, CallError> {
    const LONGER: CallError = CallError::Malformed("it is longer than any answer");
    let announced = response.content_length();
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(LONGER);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| CallError::lost(&error))?
    {
        if body.len() + chunk.len() > limit {
            return Err(LONGER);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests;
