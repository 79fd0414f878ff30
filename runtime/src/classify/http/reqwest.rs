//! Verdicts on the errors of reqwest (feature `reqwest`).

use std::error::Error as StdError;
use std::io;

use super::{Exchange, of_request};
use crate::classify::chain;
use crate::{Classify, Verdict};

impl Exchange {
    /// The verdict on an error of reqwest 0.13 (feature `reqwest`). The first row that applies decides:
    ///
    /// | error | may be repeated | may not | why |
    /// |---|---|---|---|
    /// | an [`Error`](crate::Error) of this crate inside it | as at [`chain`](fn@crate::classify::chain) | the same | an inner call gave it up |
    /// | a status, from `error_for_status` | as [`response`](Self::response) without headers | the same | reqwest has thrown the headers away: ask for a verdict on the response before that |
    /// | while connecting: refused, no route, a name that is not found, `connect_timeout`, a proxy | transient | transient | nothing was sent, if the client follows no redirects |
    /// | while connecting: TLS cannot be agreed on, such as for the certificate (`native-tls` does not tell: transient); a proxy that wants other credentials (407) | fault | fault | somebody has to act |
    /// | builder, redirects (too many, or refused), a body of the request that failed | permanent | permanent | the next one is no different |
    /// | a body that is not what it should be, such as truncated JSON | permanent | permanent | an answer |
    /// | a timeout, a connection that was reset or closed, also in the middle of a body; anything else | transient | fault | it may have been carried out |
    ///
    /// A `timeout` of the request that runs out while it is still connecting cannot be told from one after that, so it
    /// counts as sent: `connect_timeout` is the one that a `POST` can be repeated after. Streams that a server refused by
    /// the rules of HTTP/2 (`REFUSED_STREAM`, `GOAWAY`) reqwest sends again by itself; what it gives up on is in the last
    /// row.
    ///
    /// # Redirects
    /// A client that follows redirects, as reqwest does unless told otherwise, does not say where a connection could not be
    /// made: the address in the error is that of the first request, also where that was received, answered with a 303, and
    /// the connection for the next one was refused. So requests that may not be repeated want a client with
    /// `redirect::Policy::none()`; with any other one such a `POST` is sent twice. Where the error does have the last
    /// address, as that of `error_for_status`, [`answered_by`](Self::answered_by) takes it into account.
    pub fn error(self, error: &reqwest::Error) -> Verdict {
        if let Some(verdict) = chain::given_up(error) {
            return verdict;
        }
        if let Some(status) = error.status() {
            return self.response(status, &http::HeaderMap::new());
        }
        if error.is_connect() {
            return self.held(connecting(error));
        }
        if error.is_builder() || error.is_redirect() || is_own(error) || is_undecodable(error) {
            return Verdict::Permanent;
        }
        if self.repeatable {
            Verdict::Transient
        } else {
            Verdict::Fault
        }
    }

    /// The same exchange, as far as it matters who answered: the request went to `asked`, and what is to be judged came
    /// from `answered`, such as `Response::url` or `Error::url`.
    ///
    /// Where these differ the client has followed a redirect, so the request was received: unless it may be repeated, what
    /// would be transient or throttled is then a fault. Fragments and credentials in the address do not count. A redirect to
    /// the same address is not seen.
    pub fn answered_by(self, asked: &reqwest::Url, answered: &reqwest::Url) -> Self {
        Self {
            redirected: self.redirected || sent(asked) != sent(answered),
            ..self
        }
    }
}

/// An address as it goes into a request.
fn sent(url: &reqwest::Url) -> reqwest::Url {
    let mut url = url.clone();
    url.set_fragment(None);
    // These fail for addresses without a host, which have no credentials.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

impl From<&reqwest::Request> for Exchange {
    fn from(request: &reqwest::Request) -> Self {
        of_request(request.method(), request.headers())
    }
}

/// As of a request that may not be repeated, by the table at [`Exchange::error`].
///
/// The error does not say what was asked, and it arrives by `?` from whatever request there was. To take a `POST` for a
/// `GET` would carry out an order twice; the other way round costs a retry. Where the request is known, ask its
/// [`Exchange`]. Of a client that follows redirects, not even "nothing was sent" is certain: see there.
impl Classify for reqwest::Error {
    fn classify(&self) -> Verdict {
        Exchange::with(false).error(self)
    }
}

fn connecting(error: &reqwest::Error) -> Verdict {
    // What rustls and native-tls refuse comes as one of these; what the network does, never.
    let refused = |error: &io::Error| {
        matches!(
            error.kind(),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
        )
    };
    if chain::all::<io::Error>(error).any(refused) || is_locked_out(error) {
        Verdict::Fault
    } else {
        Verdict::Transient
    }
}

/// Whether a proxy answered `CONNECT` with 407. The error's type is private to hyper-util, so its text is all there is to
/// know it by; should that change, it counts as any other failure of a proxy.
fn is_locked_out(error: &reqwest::Error) -> bool {
    let told = |link: &(dyn StdError + 'static)| {
        link.to_string() == "tunnel error: proxy authorization required"
    };
    chain::links(error).any(told)
}

/// Whether the program's own part failed, such as the stream that a body was made of.
fn is_own(error: &reqwest::Error) -> bool {
    chain::all::<hyper::Error>(error).any(hyper::Error::is_user)
}

/// Whether a body came whole and could not be made sense of. reqwest also calls it a decode error when the connection was
/// lost half-way.
fn is_undecodable(error: &reqwest::Error) -> bool {
    error.is_decode() && !error.is_timeout() && chain::all::<hyper::Error>(error).next().is_none()
}
