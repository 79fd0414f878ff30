//! The gate before a strategy: what the gateway holds is fetched and checked before anything is traded on it.

use std::collections::HashSet;

use tokio::time::timeout;
use wait_or_die::{Classify, wait_or_die};

use crate::clock;
use crate::curve::ClientKeys;
use crate::protocol::{Action, Body, Name, Portfolio, Reply, Request, SyncRequest, Timestamp};
use crate::req::{ReqError, ReqLink};

/// How long one attempt waits for its answer.
const ANSWER_WITHIN: std::time::Duration = std::time::Duration::from_secs(3);

/// Why there is nothing to trade on.
#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum SyncError {
    /// No answer came in time, or the request could not be sent.
    #[error("no answer from the gateway: {0}")]
    #[classify(transient)]
    SyncTimeout(String),
    /// An answer came, and cannot be used.
    #[error("the gateway's answer cannot be used: {0}")]
    #[classify(transient)]
    SyncResponse(String),
    /// A part of the state came, and orders were changed since the whole of it was fetched: what is held of the rest may be
    /// as old. Fetch everything again.
    #[error("the part is of state {found}, and what is held of the rest of state {held}")]
    #[classify(permanent)]
    SyncConflict {
        /// The version of the whole state that was fetched last.
        held: u64,
        /// That of the part.
        found: u64,
    },
    /// The call ended without a word of the gateway's.
    #[error(transparent)]
    #[classify(source)]
    Died(#[from] wait_or_die::Error),
}

fn unusable(what: impl Into<String>) -> SyncError {
    SyncError::SyncResponse(what.into())
}

/// Fetches what the gateway holds for one magic number.
pub(crate) struct StateReconciler {
    link: ReqLink,
    magic: u64,
    requests: u64,
    sync_count: u64,
    last_sync_time: Option<Timestamp>,
    /// That of the whole state which was fetched last: an older one is not believed, and a part of another one does not fit.
    version: u64,
}

impl StateReconciler {
    /// # Errors
    /// No socket or no thread could be made.
    pub(crate) fn connect(
        endpoint: &str,
        keys: Option<ClientKeys>,
        magic: u64,
    ) -> std::io::Result<Self> {
        Ok(Self {
            link: ReqLink::connect(endpoint, keys)?,
            magic,
            requests: 0,
            sync_count: 0,
            last_sync_time: None,
            version: 0,
        })
    }

    /// How often the state was fetched and found right.
    pub(crate) const fn sync_count(&self) -> u64 {
        self.sync_count
    }

    /// When that was last.
    pub(crate) const fn last_sync_time(&self) -> Option<Timestamp> {
        self.last_sync_time
    }

    /// The whole state, before a strategy begins: three attempts of 3 s, 1 s apart. If none of them succeeds the program is
    /// halted: what is not known must not be traded on.
    ///
    /// # Errors
    /// That of the last attempt; the halt has been stopped by then.
    #[wait_or_die(
        name = "reconciler.startup_sync",
        halt,
        timeout = 12,
        max_retries = 2,
        strategy = fixed,
        initial_wait = 1,
        jitter = none,
        budget = none
    )]
    pub(crate) async fn perform_startup_sync(&mut self) -> Result<Portfolio, SyncError> {
        let request = self.everything();
        self.send_sync_request(request).await
    }

    /// The state, or a part of it, while a strategy runs; its failure stops nothing.
    ///
    /// # Errors
    /// That of the last attempt; [`SyncError::SyncConflict`] if a part is not of the state that was fetched as a whole last.
    #[wait_or_die(
        name = "reconciler.sync",
        timeout = 12,
        max_retries = 2,
        strategy = fixed,
        initial_wait = 1,
        jitter = none,
        clone(request)
    )]
    pub(crate) async fn sync(&mut self, request: SyncRequest) -> Result<Portfolio, SyncError> {
        self.send_sync_request(request).await
    }

    /// Asks for everything.
    pub(crate) fn everything(&self) -> SyncRequest {
        SyncRequest {
            magic_number: self.magic,
            timestamp: Timestamp::from_millis(clock::unix_millis()),
            symbols: Vec::new(),
            from: None,
            to: None,
        }
    }

    async fn send_sync_request(&mut self, sync: SyncRequest) -> Result<Portfolio, SyncError> {
        self.requests += 1;
        let id = Name::of_program(&format!("sync-{}", self.requests));
        let request = Request {
            id: id.clone(),
            action: Action::SyncAll(sync.clone()),
        };
        let bytes = request
            .encode()
            .map_err(|error| unusable(error.to_string()))?;
        // A socket whose answer never came is closed, and another one opened for the next request.
        let reply = match timeout(ANSWER_WITHIN, self.link.exchange(bytes)).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(ReqError::NotSent(error))) => {
                return Err(SyncError::SyncTimeout(format!("not sent: {error}")));
            }
            Ok(Err(ReqError::NoReply)) | Err(_) => {
                return Err(SyncError::SyncTimeout(format!("waited {ANSWER_WITHIN:?}")));
            }
        };
        let portfolio = understand(&id, &reply)?;
        check(&portfolio, &sync, self.version)?;
        // Of a part, the version is the one that is held.
        self.version = portfolio.state_version;
        self.sync_count += 1;
        self.last_sync_time = Some(Timestamp::from_millis(clock::unix_millis()));
        Ok(portfolio)
    }
}

fn understand(id: &Name, reply: &[u8]) -> Result<Portfolio, SyncError> {
    let reply: Reply =
        serde_json::from_slice(reply).map_err(|error| unusable(error.to_string()))?;
    match reply.body {
        _ if reply.id.as_ref() != Some(id) => Err(unusable("it belongs to another request")),
        Body::Ok(facts) => Portfolio::try_from(*facts).map_err(unusable),
        Body::Unavailable { message, .. } | Body::Error { message } => Err(unusable(message)),
        _ => Err(unusable("it is about an order")),
    }
}

/// Whether the state can be true, and is what was asked for.
fn check(portfolio: &Portfolio, sync: &SyncRequest, version: u64) -> Result<(), SyncError> {
    if portfolio.state_version < version {
        return Err(unusable(format!(
            "it is older (version {}) than one that was seen (version {version})",
            portfolio.state_version
        )));
    }
    if sync.is_partial() && portfolio.state_version != version {
        return Err(SyncError::SyncConflict {
            held: version,
            found: portfolio.state_version,
        });
    }
    let mut tickets = HashSet::new();
    for position in &portfolio.positions {
        let ticket = position.ticket;
        if !tickets.insert(ticket) {
            return Err(unusable(format!("ticket {ticket} is in it twice")));
        }
        if position.magic != sync.magic_number {
            return Err(unusable(format!(
                "ticket {ticket} belongs to another magic number"
            )));
        }
        if !sync.asks_for(&position.symbol, position.time_open) {
            return Err(unusable(format!("ticket {ticket} was not asked for")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
