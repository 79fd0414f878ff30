//! The REP service: receives, has the request answered, sends the reply; one at a time.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::timeout;
use wait_or_die::wait_or_die;

use crate::error::GatewayError;
use crate::protocol::{Reply, Request, Unique};
use crate::rep::{Message, RepLink};
use crate::router::Router;
use crate::terminal::Terminal;

/// How long one attempt waits for a message, as `ZMQ_RCVTIMEO` would have it.
const RECEIVE_WITHIN: Duration = Duration::from_secs(1);

/// The service's side of the socket, protected.
pub(crate) struct Service<T> {
    link: RepLink,
    router: Router<T>,
    replies: u64,
}

impl RepLink {
    /// Receives one JSON message.
    ///
    /// Retried: silence, and errors of the socket, which its thread reopens meanwhile. Not retried: a
    /// message that is no JSON; it has been received, and its sender waits for an answer.
    #[wait_or_die(
        name = "gateway.recv_json",
        timeout = 30,
        max_retries = 10,
        initial_wait = 0.5,
        max_wait = 5.0
    )]
    pub(crate) async fn recv_json(&mut self) -> Result<Value, GatewayError> {
        match timeout(RECEIVE_WITHIN, self.next()).await {
            Ok(Some(received)) => decode(&received?),
            Ok(None) => Err(GatewayError::Closed),
            Err(_) => Err(zmq::Error::EAGAIN.into()),
        }
    }

    /// Sends one JSON message as the reply to the request received last.
    ///
    /// Retried: a send that libzmq did not accept. Not retried: a reply out of turn. A reply that
    /// libzmq has accepted is never sent again, whatever becomes of it.
    #[wait_or_die(
        name = "gateway.send_json",
        timeout = 30,
        max_retries = 10,
        initial_wait = 0.5,
        max_wait = 5.0
    )]
    pub(crate) async fn send_json(&mut self, reply: &Reply) -> Result<(), GatewayError> {
        let bytes = serde_json::to_vec(reply)
            .map_err(|error| GatewayError::Malformed(error.to_string()))?;
        match self.reply(bytes).await {
            Some(accepted) => Ok(accepted?),
            None => Err(GatewayError::Closed),
        }
    }
}

fn decode(message: &Message) -> Result<Value, GatewayError> {
    let malformed = |text: &str| Err(GatewayError::Malformed(text.to_owned()));
    if message.frames != 1 {
        return malformed("a request is one frame; send the JSON text in a single part");
    }
    if message.bytes.is_empty() {
        return malformed("the request is empty; send a JSON object");
    }
    serde_json::from_slice(&message.bytes)
        .map(|Unique(value)| value)
        .map_err(|error| GatewayError::Malformed(format!("not JSON: {error}")))
}

impl<T: Terminal> Service<T> {
    pub(crate) const fn new(link: RepLink, router: Router<T>) -> Self {
        Self {
            link,
            router,
            replies: 0,
        }
    }

    /// Serves until `stop` turns true; the request in hand is finished first. Says how many
    /// replies were sent.
    ///
    /// # Errors
    /// The socket's thread has ended.
    pub(crate) async fn run(
        mut self,
        mut stop: watch::Receiver<bool>,
    ) -> Result<u64, GatewayError> {
        loop {
            let received = tokio::select! {
                biased;
                // An error means that nobody is left to say so.
                _ = stop.wait_for(|stop| *stop) => return Ok(self.replies),
                received = self.next_request() => received,
            };
            match received {
                Ok(value) => self.serve(value).await,
                Err(GatewayError::Malformed(text)) => self.send(&Reply::error(None, &text)).await,
                Err(GatewayError::Closed) => return Err(GatewayError::Closed),
                // It has been told; what died is one call, not the service. It goes on listening.
                Err(_) => {}
            }
        }
    }

    /// Being idle is no failure: the wait for a request to arrive is outside of `recv_json`, unbounded
    /// and without back-off, which would only keep the next client waiting.
    async fn next_request(&mut self) -> Result<Value, GatewayError> {
        self.link.arrived().await;
        self.link.recv_json().await
    }

    async fn serve(&mut self, value: Value) {
        let reply = match Request::parse(value) {
            Ok(request) => self.router.answer(request).await,
            Err(reply) => reply,
        };
        self.send(&reply).await;
    }

    async fn send(&mut self, reply: &Reply) {
        match self.link.send_json(reply).await {
            Ok(()) => self.replies += 1,
            // Without this the socket would wait for the reply for ever.
            Err(_) => self.link.abandon().await,
        }
    }
}

#[cfg(test)]
mod tests;
