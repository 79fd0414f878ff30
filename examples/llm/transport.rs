//! What carries requests to a service.

use reqwest::{Request, Response};

use crate::cli::is_loopback;
use crate::error::CallError;

/// The network; in tests also a pair of pipes, in which time stands still while nothing happens.
#[derive(Clone)]
pub(crate) enum Transport {
    Network {
        /// For this machine alone, to which no proxy is the way: requests to it are not encrypted.
        local: reqwest::Client,
        remote: reqwest::Client,
    },
    #[cfg(test)]
    Memory(std::sync::Arc<wait_or_die_example_faults::Server>),
}

impl Transport {
    /// Clients of the network, by way of the proxy that the environment names, and of this machine, by way of none.
    ///
    /// # Errors
    /// The certificates of this machine cannot be used.
    pub(crate) fn network() -> Result<Self, CallError> {
        Ok(Self::Network {
            local: Self::client(reqwest::Client::builder().no_proxy())?,
            remote: Self::client(reqwest::Client::builder())?,
        })
    }

    fn client(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, CallError> {
        // Another part of the program may have chosen one before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        builder
            // A redirect would carry the key and the document to wherever it says.
            .redirect(reqwest::redirect::Policy::none())
            // Retries are counted and bounded by the attributes alone.
            .retry(reqwest::retry::never())
            .connect_timeout(std::time::Duration::from_secs(10))
            .user_agent(concat!(
                "wait-or-die-example-llm/",
                env!("CARGO_PKG_VERSION")
            ))
            .build()
            .map_err(|error| CallError::lost(&error))
    }

    /// Sends one request once.
    ///
    /// # Errors
    /// No answer came. Dropping the future gives the request up; whether the service works on it is then not known.
    pub(crate) async fn send(&self, request: Request) -> Result<Response, CallError> {
        match self {
            Self::Network { local, remote } => {
                let client = if is_loopback(request.url()) {
                    local
                } else {
                    remote
                };
                let response = client.execute(request).await;
                response.map_err(|error| CallError::lost(&error))
            }
            #[cfg(test)]
            Self::Memory(server) => memory::send(server, request).await,
        }
    }
}

#[cfg(test)]
mod memory;
