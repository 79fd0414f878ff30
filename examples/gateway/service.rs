//! The service: receives requests, has each of them answered in a task of its own, sends the replies.

use std::fmt;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;
use wait_or_die::wait_or_die;

use crate::error::GatewayError;
use crate::link::{Inbox, Link, Message, Outbox, Peer};
use crate::protocol::{Reply, Request, Unique};
use crate::router::Router;
use crate::terminal::Terminal;

/// Requests in hand at a time, unless `--at-once` says otherwise. One that waits between attempts takes up its place for
/// half a minute, and little else.
pub(crate) const AT_ONCE: u16 = 64;

/// How long one attempt waits for a message, as `ZMQ_RCVTIMEO` would have it.
const RECEIVE_WITHIN: Duration = Duration::from_secs(1);

/// The service's side of the socket, protected.
pub(crate) struct Service<T> {
    link: Link,
    router: Arc<Router<T>>,
    in_hand: JoinSet<Result<(), GatewayError>>,
    served: Served,
}

/// What a service has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Served {
    /// Replies that libzmq has accepted.
    pub(crate) replies: u64,
    /// Replies that were not: their clients had left, or did not take what was sent to them.
    pub(crate) undelivered: u64,
}

impl fmt::Display for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} replies", self.replies)?;
        match self.undelivered {
            0 => Ok(()),
            undelivered => write!(f, ", {undelivered} more undelivered"),
        }
    }
}

/// A request, which may make no sense, and whom it is from.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) value: Value,
    pub(crate) from: Peer,
}

impl Inbox {
    /// Receives one JSON message.
    ///
    /// Retried: silence, and errors of the socket, which its thread reopens meanwhile. Not retried: a
    /// message that is no JSON; it has been received, and its sender waits for an answer. Nothing is lost when this is
    /// dropped.
    #[wait_or_die(
        name = "gateway.recv_json",
        timeout = 30,
        max_retries = 10,
        initial_wait = 0.5,
        max_wait = 5.0
    )]
    pub(crate) async fn recv_json(&mut self) -> Result<Received, GatewayError> {
        match timeout(RECEIVE_WITHIN, self.next()).await {
            Ok(Some(received)) => decode(received?),
            Ok(None) => Err(GatewayError::Closed),
            Err(_) => Err(zmq::Error::EAGAIN.into()),
        }
    }

    /// Being idle is no failure: the wait for a request to arrive is outside of `recv_json`, unbounded
    /// and without back-off, which would only keep the next client waiting.
    async fn next_request(&mut self) -> Result<Received, GatewayError> {
        self.arrived().await;
        self.recv_json().await
    }
}

impl Outbox {
    /// Sends one JSON message as the reply to a request of `to`.
    ///
    /// Retried: a send that libzmq did not accept, because the client does not take what was sent to it before, or because
    /// of the socket. Not retried: a reply whose client has left. A reply that libzmq has accepted is never sent again,
    /// whatever becomes of it.
    #[wait_or_die(
        name = "gateway.send_json",
        timeout = 30,
        max_retries = 10,
        initial_wait = 0.5,
        max_wait = 5.0
    )]
    pub(crate) async fn send_json(&self, to: &Peer, reply: &Reply) -> Result<(), GatewayError> {
        let bytes = serde_json::to_vec(reply)
            .map_err(|error| GatewayError::Unwritable(error.to_string()))?;
        match self.reply(to, bytes).await {
            Some(accepted) => Ok(accepted?),
            None => Err(GatewayError::Closed),
        }
    }
}

fn decode(message: Message) -> Result<Received, GatewayError> {
    let Message {
        from,
        bytes,
        frames,
    } = message;
    match value(&bytes, frames) {
        Ok(value) => Ok(Received { value, from }),
        Err(why) => Err(GatewayError::Malformed { why, from }),
    }
}

fn value(bytes: &[u8], frames: usize) -> Result<Value, String> {
    if frames > 1 {
        return Err("a request is one frame; send the JSON text in a single part".to_owned());
    }
    if bytes.is_empty() {
        return Err("the request is empty; send a JSON object".to_owned());
    }
    serde_json::from_slice(bytes)
        .map(|Unique(value)| value)
        .map_err(|error| format!("not JSON: {error}"))
}

impl<T: Terminal + 'static> Service<T> {
    pub(crate) fn new(link: Link, router: Router<T>) -> Self {
        Self {
            link,
            router: Arc::new(router),
            in_hand: JoinSet::new(),
            served: Served::default(),
        }
    }

    /// Serves until `stop` turns true. What was taken off the socket by then is answered first.
    ///
    /// Dropping the future gives up the requests in hand; what became of their orders is settled at the next start.
    ///
    /// # Errors
    /// The socket's thread has ended; what was in hand has been seen through, as far as it goes.
    ///
    /// # Panics
    /// Where the answer to a request panicked: what state that left behind is anybody's guess.
    pub(crate) async fn run(
        mut self,
        mut stop: watch::Receiver<bool>,
    ) -> Result<Served, GatewayError> {
        while let Some(received) = self.next(&mut stop).await {
            if matches!(received, Err(GatewayError::Closed)) {
                self.finish().await;
                return Err(GatewayError::Closed);
            }
            self.begin(received);
        }
        // An ended thread has taken nothing that is not here.
        let _ = self.link.outbox.stop().await;
        while let Some(message) = self.link.inbox.left() {
            self.begin(decode(message));
        }
        self.finish().await;
        Ok(self.served)
    }

    /// The next request, or `None` once `stop` is true; meanwhile counts those that have been answered.
    async fn next(
        &mut self,
        stop: &mut watch::Receiver<bool>,
    ) -> Option<Result<Received, GatewayError>> {
        let mut next = pin!(self.link.inbox.next_request());
        loop {
            tokio::select! {
                biased;
                // An error means that nobody is left to say so.
                _ = stop.wait_for(|stop| *stop) => return None,
                Some(sent) = self.in_hand.join_next() => self.served.count(sent),
                received = &mut next => return Some(received),
            }
        }
    }

    /// Has a request answered.
    fn begin(&mut self, received: Result<Received, GatewayError>) {
        let outbox = self.link.outbox.clone();
        match received {
            Ok(received) => {
                let router = Arc::clone(&self.router);
                self.in_hand.spawn(serve(router, outbox, received));
            }
            Err(GatewayError::Malformed { why, from }) => {
                let reply = Reply::error(None, &why);
                self.in_hand
                    .spawn(async move { outbox.send_json(&from, &reply).await });
            }
            // It has been told; what died is one call, not the service. It goes on listening.
            Err(_) => {}
        }
    }

    /// Waits until everything in hand has been answered.
    async fn finish(&mut self) {
        while let Some(sent) = self.in_hand.join_next().await {
            self.served.count(sent);
        }
    }
}

impl Served {
    fn count(&mut self, sent: Result<Result<(), GatewayError>, JoinError>) {
        match sent {
            Ok(Ok(())) => self.replies += 1,
            // It has been told, and the client asks again if it is still there.
            Ok(Err(_)) => self.undelivered += 1,
            Err(ended) => {
                // Nobody aborts them, so it panicked.
                if let Ok(panic) = ended.try_into_panic() {
                    resume_unwind(panic);
                }
            }
        }
    }
}

async fn serve<T: Terminal>(
    router: Arc<Router<T>>,
    outbox: Outbox,
    received: Received,
) -> Result<(), GatewayError> {
    let Received { value, from } = received;
    let reply = match Request::parse(value) {
        Ok(request) => router.answer(request).await,
        Err(reply) => reply,
    };
    outbox.send_json(&from, &reply).await
}

#[cfg(test)]
mod tests;
