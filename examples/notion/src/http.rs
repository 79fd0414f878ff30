//! Requests and answers, as far as they are not Notion's own.

use std::future::Future;
use std::time::Duration;

use http::{Request, Response};
use url::{Host, Url};
use wait_or_die::Verdict;
use wait_or_die::classify::http::Exchange;

/// The most bytes of an answer that are read. A hundred blocks, the most that Notion gives at once, are far below.
pub const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Carries a request to the service and its answer back. Tests have one without sockets.
pub trait Transport: Send + Sync {
    /// Sends one request, once, and reads the whole answer, but never more than `most` bytes of its body. Redirects are
    /// answers.
    ///
    /// # Errors
    /// [`TransportError`] if there is no whole answer. Dropping the future gives the request up, which may have been
    /// worked on.
    fn send(
        &self,
        request: Request<Vec<u8>>,
        most: usize,
    ) -> impl Future<Output = Result<Response<Vec<u8>>, TransportError>> + Send;
}

/// There was no whole answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct TransportError {
    /// Whether the request certainly never reached the service.
    pub not_sent: bool,
    /// What it says about another attempt with a request that may be carried out twice.
    pub verdict: Verdict,
    /// What happened, without the address.
    pub text: String,
}

impl TransportError {
    /// The body was longer than what is read of one.
    pub fn too_long(most: usize) -> Self {
        Self {
            not_sent: false,
            verdict: Verdict::Transient,
            text: format!("the answer is longer than {most} bytes"),
        }
    }
}

/// The network.
#[derive(Debug, Clone)]
pub struct Http {
    /// For this machine alone, to which no proxy is the way: requests to it are not encrypted.
    local: reqwest::Client,
    remote: reqwest::Client,
}

impl Http {
    /// Clients of the network, by way of the proxy that the environment names, and of this machine, by way of none: with
    /// TLS by rustls, the system's certificates, and no redirects. The API has none, and a token is sent to nobody else.
    ///
    /// # Errors
    /// What reqwest cannot do without: the system's certificates.
    pub fn new() -> Result<Self, reqwest::Error> {
        Ok(Self {
            local: Self::client(reqwest::Client::builder().no_proxy())?,
            remote: Self::client(reqwest::Client::builder())?,
        })
    }

    fn client(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, reqwest::Error> {
        // Fails only if the program has chosen one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        builder
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .user_agent(concat!("wait-or-die-notion/", env!("CARGO_PKG_VERSION")))
            .build()
    }
}

/// Whether a server is on this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl Transport for Http {
    async fn send(
        &self,
        request: Request<Vec<u8>>,
        most: usize,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let request = reqwest::Request::try_from(request).map_err(|error| failed(&error))?;
        let client = if is_loopback(request.url()) {
            &self.local
        } else {
            &self.remote
        };
        let answer = client.execute(request).await;
        let mut answer = answer.map_err(|error| failed(&error))?;
        let mut whole = Response::new(Vec::new());
        *whole.status_mut() = answer.status();
        std::mem::swap(whole.headers_mut(), answer.headers_mut());
        while let Some(chunk) = answer.chunk().await.map_err(|error| failed(&error))? {
            if whole.body().len() + chunk.len() > most {
                return Err(TransportError::too_long(most));
            }
            whole.body_mut().extend_from_slice(&chunk);
        }
        Ok(whole)
    }
}

fn failed(error: &reqwest::Error) -> TransportError {
    TransportError {
        not_sent: error.is_connect() || error.is_builder(),
        verdict: Exchange::idempotent().error(error),
        text: chain(error),
    }
}

/// What failed, and what is at the bottom of it. The address stays out: whoever reads it knows it, and logs keep it.
fn chain(error: &reqwest::Error) -> String {
    let what = if error.is_connect() {
        "cannot connect"
    } else if error.is_body() || error.is_decode() {
        "the answer broke off"
    } else {
        "no answer"
    };
    let first = std::error::Error::source(error);
    match std::iter::successors(first, |error| error.source()).last() {
        Some(bottom) => format!("{what}: {bottom}"),
        None => what.to_owned(),
    }
}
