//! Verdicts on HTTP (feature `http`): what a response, or an error of reqwest (feature `reqwest`), says about sending the
//! request again.
//!
//! Whether a request may be sent twice depends on what it asked for, so a verdict is asked of an [`Exchange`]:
//!
//! ```
//! use http::{HeaderMap, Method, StatusCode};
//! use wait_or_die::Verdict;
//! use wait_or_die::classify::http::Exchange;
//!
//! let (none, bad_gateway) = (HeaderMap::new(), StatusCode::BAD_GATEWAY);
//! let get = Exchange::new(&Method::GET);
//! let post = Exchange::new(&Method::POST);
//! assert_eq!(get.response(bad_gateway, &none), Verdict::Transient);
//! assert_eq!(post.response(bad_gateway, &none), Verdict::Fault); // it may have been carried out
//! assert_eq!(post.with_idempotency_key().response(bad_gateway, &none), Verdict::Transient);
//!
//! // What the server refused before it did anything may be sent again, whatever it was.
//! let refused = StatusCode::TOO_MANY_REQUESTS;
//! assert_eq!(post.response(refused, &none), Verdict::Throttled(None));
//! ```
//!
//! # Responses
//! The first row that applies decides. "May be repeated" means that the method is idempotent (RFC 9110, 9.2.2: `GET`,
//! `HEAD`, `OPTIONS`, `TRACE`, `PUT`, `DELETE`), that an idempotency key was sent, or that [`Exchange::idempotent`] says
//! so.
//!
//! | response | may be repeated | may not | why |
//! |---|---|---|---|
//! | error code of a quota that will not come back: `insufficient_quota`, `credit_balance_exhausted`, `*_spend_limit_exceeded`, `organization_usage_limit_exceeded`, `enforced_spend_limit_reached` | permanent | permanent | somebody has to pay first, although the status is most often 429 |
//! | error code `idempotency_key_in_use` | throttled | throttled | the attempt before is still being carried out; its outcome can be had under the same key |
//! | `x-should-retry: true` | transient where the status is a failure (408, 5xx other than the answers below and 529), else throttled | the same | the server knows what it did |
//! | `x-should-retry: false` | fault where the status is such a failure or 529, else permanent | the same | the server knows what it did |
//! | 425, 429, 529 | throttled | throttled | refused before anything was done |
//! | 408, 500, 502, 503, 504, and every status from 500 that is not listed here | transient | fault | it may have been carried out |
//! | 507, 511 | fault | fault | does not pass by waiting |
//! | 501, 505, 506, 508, 510 | permanent | permanent | an answer |
//! | other 4xx, 3xx, and 1xx or 2xx given as an error | permanent | permanent | an answer |
//!
//! A retryable response with a delay ([`retry_after`]) is throttled by that delay whatever its status, because the server
//! manages its load itself; that is not a failure for a breaker, unless `failure_if` says so.
//!
//! `x-should-retry` is what services of language models send, and their own clients obey. A `true` is obeyed for a `POST` too: it is the
//! server's own word that this response may be followed by the same request. Of several that differ, `false` wins; any
//! other value counts as none. A 409 is permanent, because only the service knows whether it is a lock or a conflict: let
//! its error code or `x-should-retry` decide.
//!
//! # Redirects
//! A client that follows redirects by itself, as reqwest does unless told otherwise, may have sent several requests for
//! one: a `POST` answered with 301, 302 or 303 has been received, and the answer at hand is that to the `GET` which
//! followed it. A 429 to that, or a connection that was refused there, says nothing of the `POST`. So for requests that
//! may not be repeated take a client that follows none (`reqwest::redirect::Policy::none()`); the redirect is then an answer, and
//! permanent. Of a client that does follow them, `Exchange::answered_by` (feature `reqwest`) sees it where the addresses differ.

#[cfg(feature = "reqwest")]
mod reqwest;
mod retry_after;

#[cfg(test)]
mod tests;

use ::http::{HeaderMap, HeaderName, Method, Request, Response, StatusCode, request};

pub use self::retry_after::retry_after;
use super::{Classify, Verdict};

const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A request as far as it decides whether it may be sent again; gives the verdicts on what came of it, by the tables in
/// the [module's documentation](self).
///
/// [`From`] takes it from a request, and then an `Idempotency-Key` header that is not empty counts as a key.
///
/// A key protects only if every attempt sends the same one: make it before the annotated function is called, not in its
/// body, which runs anew for each attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct Exchange {
    repeatable: bool,
    /// A redirect was followed: the server that was asked has received the request, whatever became of the one after it.
    redirected: bool,
}

impl Exchange {
    /// A request with this method and no idempotency key. A method that is not known counts as not idempotent.
    pub fn new(method: &Method) -> Self {
        Self::with(method.is_idempotent())
    }

    const fn with(repeatable: bool) -> Self {
        Self {
            repeatable,
            redirected: false,
        }
    }

    /// A request that may be carried out twice whatever its method says, such as a `POST` that only asks for something: a
    /// search, a completion.
    pub const fn idempotent() -> Self {
        Self::with(true)
    }

    /// The request carries a key by which this server tells repetitions, and the same one in each attempt.
    pub const fn with_idempotency_key(self) -> Self {
        Self {
            repeatable: true,
            ..self
        }
    }

    /// The verdict on a response that is an error to the caller.
    ///
    /// Reads the wall clock only for a `Retry-After` that is a date.
    pub fn response(self, status: StatusCode, headers: &HeaderMap) -> Verdict {
        self.held(match should_retry(headers) {
            Some(true) => wanted(status, headers),
            Some(false) => unwanted(status),
            None => self.by_status(status, headers),
        })
    }

    /// The verdict on a response whose body names an error code, such as `error.code` or `error.type` of the JSON that
    /// most services answer with. An unknown code decides nothing: then it is that of [`response`](Self::response).
    pub fn response_with_code(
        self,
        status: StatusCode,
        headers: &HeaderMap,
        code: &str,
    ) -> Verdict {
        if is_quota_gone(code) {
            return Verdict::Permanent;
        }
        if code == "idempotency_key_in_use" {
            return self.held(Verdict::Throttled(retry_after(headers)));
        }
        self.response(status, headers)
    }

    /// What a server says behind a redirect it says of a request of its own. That it did nothing for that one does not
    /// undo the first.
    const fn held(self, verdict: Verdict) -> Verdict {
        if self.redirected
            && !self.repeatable
            && matches!(verdict, Verdict::Transient | Verdict::Throttled(_))
        {
            return Verdict::Fault;
        }
        verdict
    }

    fn by_status(self, status: StatusCode, headers: &HeaderMap) -> Verdict {
        match Meaning::of(status) {
            Meaning::Refused => Verdict::Throttled(retry_after(headers)),
            Meaning::Failed if self.repeatable => delayed(headers).unwrap_or(Verdict::Transient),
            Meaning::Failed | Meaning::Broken => Verdict::Fault,
            Meaning::Answered => Verdict::Permanent,
        }
    }
}

impl From<&Method> for Exchange {
    fn from(method: &Method) -> Self {
        Self::new(method)
    }
}

impl From<&request::Parts> for Exchange {
    fn from(parts: &request::Parts) -> Self {
        of_request(&parts.method, &parts.headers)
    }
}

impl<B> From<&Request<B>> for Exchange {
    fn from(request: &Request<B>) -> Self {
        of_request(request.method(), request.headers())
    }
}

fn of_request(method: &Method, headers: &HeaderMap) -> Exchange {
    let exchange = Exchange::new(method);
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    if keys.any(|key| !key.as_bytes().trim_ascii().is_empty()) {
        return exchange.with_idempotency_key();
    }
    exchange
}

/// By its meaning alone, as of a request that may be repeated. A request that may not needs an [`Exchange`].
impl Classify for StatusCode {
    fn classify(&self) -> Verdict {
        Exchange::idempotent().response(*self, &HeaderMap::new())
    }
}

/// By status and headers, as of a request that may be repeated. A request that may not needs an [`Exchange`].
impl<B> Classify for Response<B> {
    fn classify(&self) -> Verdict {
        Exchange::idempotent().response(self.status(), self.headers())
    }
}

/// What a status says of the request and of the server.
#[derive(Clone, Copy)]
enum Meaning {
    /// Not even begun: the server has too much to do, or does not trust early data.
    Refused,
    /// Failed, perhaps half-way, and may work next time.
    Failed,
    /// The server, or what is before it, cannot do it until somebody acts.
    Broken,
    /// An answer, if not the one hoped for.
    Answered,
}

impl Meaning {
    /// A status that is not known means what the first of its class does, and one beyond 599 is to be taken for a 5xx
    /// (RFC 9110, 15).
    fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            425 | 429 | 529 => Self::Refused,
            507 | 511 => Self::Broken,
            501 | 505 | 506 | 508 | 510 => Self::Answered,
            408 | 500.. => Self::Failed,
            _ => Self::Answered,
        }
    }
}

/// The server asks for another attempt.
fn wanted(status: StatusCode, headers: &HeaderMap) -> Verdict {
    delayed(headers).unwrap_or(match Meaning::of(status) {
        Meaning::Failed | Meaning::Broken => Verdict::Transient,
        Meaning::Refused | Meaning::Answered => Verdict::Throttled(None),
    })
}

/// The server asks for no other attempt.
fn unwanted(status: StatusCode) -> Verdict {
    match Meaning::of(status) {
        Meaning::Failed | Meaning::Broken => Verdict::Fault,
        Meaning::Refused if status.is_server_error() => Verdict::Fault,
        Meaning::Refused | Meaning::Answered => Verdict::Permanent,
    }
}

/// Throttled, if the server names a delay.
fn delayed(headers: &HeaderMap) -> Option<Verdict> {
    retry_after(headers).map(|delay| Verdict::Throttled(Some(delay)))
}

/// What the server says itself; of several that differ, that which asks for less.
fn should_retry(headers: &HeaderMap) -> Option<bool> {
    let values = headers.get_all(SHOULD_RETRY).iter();
    values
        .filter_map(|value| yes_or_no(value.as_bytes().trim_ascii()))
        .min()
}

fn yes_or_no(value: &[u8]) -> Option<bool> {
    let yes = value.eq_ignore_ascii_case(b"true");
    (yes || value.eq_ignore_ascii_case(b"false")).then_some(yes)
}

fn is_quota_gone(code: &str) -> bool {
    matches!(
        code,
        "insufficient_quota"
            | "credit_balance_exhausted"
            | "organization_usage_limit_exceeded"
            | "enforced_spend_limit_reached"
    ) || code.ends_with("_spend_limit_exceeded")
}
