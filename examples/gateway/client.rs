//! A client of the gateway that never sends an order twice without knowing that it may.

use std::time::Duration;

use tokio::time::timeout;
use wait_or_die::{Classify, RetryPolicy, wait_or_die};

use crate::protocol::{Action, Body, Name, Order, OrderRef, Reply, Request};
use crate::req::{ReqError, ReqLink};

/// Longer than the service may take over an order whose outcome it must look up: 30 s and 30 s.
const REPLY_WITHIN: Duration = Duration::from_secs(65);

/// For orders: a few attempts, and time enough for each of them to hear from the service.
const PLACE: RetryPolicy = RetryPolicy::NETWORK
    .with_timeout(Duration::from_secs(180))
    .with_initial_wait(Duration::from_millis(500))
    .with_max_wait(Duration::from_secs(5));

/// Why the client does not know of a fill or a rejection.
#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum ClientError {
    /// The service says that the order certainly was not executed: it may be sent again.
    #[error("not executed: {0}")]
    #[classify(transient)]
    NotExecuted(String),
    /// The request never left this machine.
    #[error("not sent: {0}")]
    #[classify(transient)]
    NotSent(zmq::Error),
    /// The request left and no reply came; the order may have been executed.
    #[error("no reply from the gateway")]
    #[classify(fault)]
    NoReply,
    /// The service does not know either.
    #[error("outcome unknown: {0}")]
    #[classify(fault)]
    Unknown(String),
    /// The service does not understand us; saying it again would not help.
    #[error("refused: {0}")]
    #[classify(permanent)]
    Refused(String),
    /// We do not understand the service.
    #[error("not a reply to this request: {0}")]
    #[classify(fault)]
    Garbled(String),
    /// The call used up its time while a reply was still awaited.
    #[error(transparent)]
    #[classify(fault)]
    Died(#[from] wait_or_die::Error),
}

/// Where an order stands, as far as the client is concerned: one of these for every order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Filled; how many attempts the client and the terminal took.
    Filled {
        sent: u32,
        attempts: u32,
    },
    /// Filled, as the terminal said when it was asked afterwards.
    Reconciled,
    Rejected,
    /// Certainly not executed; given up.
    NotPlaced,
    /// Nobody could say. Somebody has to look.
    Unknown,
}

/// The answer to an order, and how many times it was sent.
struct Answer {
    body: Body,
    sent: u32,
}

/// A client on its own REQ socket.
pub(crate) struct Client {
    link: ReqLink,
    requests: u64,
}

impl Client {
    /// # Errors
    /// No socket or no thread could be made.
    pub(crate) fn connect(endpoint: &str) -> std::io::Result<Self> {
        Ok(Self {
            link: ReqLink::connect(endpoint)?,
            requests: 0,
        })
    }

    /// Sees an order through to a known state.
    pub(crate) async fn order(&mut self, order: &Order) -> Outcome {
        let answer = match self.place(order).await {
            Ok(answer) => answer,
            Err(
                ClientError::NotExecuted(_) | ClientError::NotSent(_) | ClientError::Refused(_),
            ) => return Outcome::NotPlaced,
            // It may have been executed, so it is asked about.
            Err(_) => match self.status(&order.client_order_id).await {
                Ok(body) => Answer { body, sent: 1 },
                Err(ClientError::NotExecuted(_)) => return Outcome::NotPlaced,
                Err(_) => return Outcome::Unknown,
            },
        };
        outcome(&answer)
    }

    /// Sends an order; again only where it certainly was not executed.
    #[wait_or_die(name = "client.place", policy = PLACE, attempt = attempt)]
    async fn place(&mut self, order: &Order) -> Result<Answer, ClientError> {
        let body = self.ask(Action::OrderSend(order.clone())).await?;
        Ok(Answer {
            body,
            sent: attempt.number(),
        })
    }

    /// Asks how an order stands: changes nothing, so every silence is worth another attempt.
    #[wait_or_die(
        name = "client.status",
        policy = PLACE,
        retry_on(ClientError::NoReply | ClientError::NotSent(_) | ClientError::Unknown(_))
    )]
    async fn status(&mut self, client_order_id: &Name) -> Result<Body, ClientError> {
        let client_order_id = client_order_id.clone();
        self.ask(Action::OrderStatus(OrderRef { client_order_id }))
            .await
    }

    async fn ask(&mut self, action: Action) -> Result<Body, ClientError> {
        self.requests += 1;
        let id = Name::try_from(format!("r-{}", self.requests))
            .map_err(|error| ClientError::Refused(error.to_owned()))?;
        let request = Request { id, action };
        let bytes = request
            .encode()
            .map_err(|error| ClientError::Refused(error.to_string()))?;
        match timeout(REPLY_WITHIN, self.link.exchange(bytes)).await {
            Ok(Ok(reply)) => understand(&request.id, &reply),
            Ok(Err(ReqError::NotSent(error))) => Err(ClientError::NotSent(error)),
            Ok(Err(ReqError::NoReply)) | Err(_) => Err(ClientError::NoReply),
        }
    }
}

fn understand(id: &Name, reply: &[u8]) -> Result<Body, ClientError> {
    let reply: Reply =
        serde_json::from_slice(reply).map_err(|error| ClientError::Garbled(error.to_string()))?;
    if let Body::Error { message } = reply.body {
        return Err(ClientError::Refused(message));
    }
    if reply.id.as_ref() != Some(id) {
        return Err(ClientError::Garbled("another request's id".to_owned()));
    }
    match reply.body {
        Body::NotExecuted { message } => Err(ClientError::NotExecuted(message)),
        Body::Unknown { message } => Err(ClientError::Unknown(message)),
        body => Ok(body),
    }
}

fn outcome(answer: &Answer) -> Outcome {
    match answer.body {
        Body::Filled {
            reconciled: true, ..
        } => Outcome::Reconciled,
        Body::Filled { attempts, .. } => Outcome::Filled {
            sent: answer.sent,
            attempts,
        },
        Body::Rejected { .. } => Outcome::Rejected,
        // `understand` lets no other body through for an order.
        _ => Outcome::Unknown,
    }
}
