//! A client of the gateway that never sends an order twice without knowing that it may.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use wait_or_die::{Classify, RetryPolicy, Verdict, wait_or_die};

use crate::protocol::{Action, Body, Name, Order, OrderRef, Reply, Request};
use crate::req::{ReqError, ReqLink};

/// Longer than the service may take over an order whose outcome it must look up: 30 s and 30 s. Others
/// come first only while the gateway has as many requests in hand as it may.
const REPLY_WITHIN: Duration = Duration::from_secs(65);

/// How often an order is sent anew of which nothing was heard.
const SENT_AT_MOST: usize = 3;

/// For orders: a few attempts, and time enough for each of them to hear from the service. Its waits can
/// be short, because the service says itself how long the terminal is not to be asked.
const PLACE: RetryPolicy = RetryPolicy::NETWORK
    .with_timeout(Duration::from_secs(180))
    .with_initial_wait(Duration::from_millis(100))
    .with_max_wait(Duration::from_secs(5));

/// Why the client does not know of a fill or a rejection.
#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum ClientError {
    /// The service says that the order certainly was not executed: it may be sent again.
    #[error("not executed: {0}")]
    #[classify(transient)]
    NotExecuted(String),
    /// Not executed, and not worth sending again before this time has passed.
    #[error("not executed: {message}")]
    #[classify(throttled(after = retry_after))]
    Later {
        message: String,
        retry_after: Duration,
    },
    /// The request never left this machine.
    #[error("not sent: {0}")]
    #[classify(transient)]
    NotSent(zmq::Error),
    /// The request left and no reply came; the order may have been executed.
    #[error("no reply from the gateway")]
    #[classify(fault)]
    NoReply,
    /// The service does not know either; it may say when it will be worth asking.
    #[error("outcome unknown: {message}")]
    #[classify(fault)]
    Unknown {
        message: String,
        retry_after: Option<Duration>,
    },
    /// The service has not heard of the order, which may be on its way.
    #[error("not found: {0}")]
    #[classify(permanent)]
    NotFound(String),
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

impl ClientError {
    /// Whether the order certainly was not executed: not now, and not before, because it is sent again only
    /// after errors that say so.
    const fn certainly_not_executed(&self) -> bool {
        matches!(
            self,
            Self::NotExecuted(_) | Self::Later { .. } | Self::NotSent(_)
        )
    }

    /// For questions, which change nothing: every silence is worth another one, though not before the
    /// time that the service gave.
    const fn ask_again(&self) -> Verdict {
        match self {
            Self::Unknown {
                retry_after: Some(wait),
                ..
            } => Verdict::Throttled(Some(*wait)),
            Self::Unknown { .. } | Self::NoReply | Self::NotSent(_) => Verdict::Transient,
            _ => Verdict::Permanent,
        }
    }
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
    /// Tells its events from those of other clients.
    number: u32,
    link: ReqLink,
    requests: u64,
}

impl Client {
    /// # Errors
    /// No socket or no thread could be made.
    pub(crate) fn connect(number: u32, endpoint: &str) -> std::io::Result<Self> {
        Ok(Self {
            number,
            link: ReqLink::connect(endpoint, None)?,
            requests: 0,
        })
    }

    /// Sees an order through to a known state.
    pub(crate) async fn order(&mut self, order: &Order) -> Outcome {
        for _ in 0..SENT_AT_MOST {
            let error = match self.place(order).await {
                Ok(answer) => return outcome(&answer),
                Err(error) if error.certainly_not_executed() => return Outcome::NotPlaced,
                Err(error) => error,
            };
            match self.settle(order, &error).await {
                Ok(body) => return outcome(&Answer { body, sent: 1 }),
                Err(ClientError::NotExecuted(_) | ClientError::Later { .. }) => {
                    return Outcome::NotPlaced;
                }
                // What was answered is not on its way.
                Err(ClientError::NotFound(_)) if matches!(error, ClientError::Refused(_)) => {
                    return Outcome::NotPlaced;
                }
                // It may be: the same order once more is the same order, and has an answer.
                Err(ClientError::NotFound(_)) => {}
                Err(_) => return Outcome::Unknown,
            }
        }
        Outcome::Unknown
    }

    /// Asks about an order that may have been executed, once it is worth asking.
    async fn settle(&mut self, order: &Order, error: &ClientError) -> Result<Body, ClientError> {
        if let ClientError::Unknown {
            retry_after: Some(wait),
            ..
        } = error
        {
            sleep(*wait).await;
        }
        self.status(&order.client_order_id).await
    }

    /// Sends an order; again only where it certainly was not executed.
    #[wait_or_die(
        name = "client.place",
        policy = PLACE,
        attempt = attempt,
        fields(client = self.number)
    )]
    async fn place(&mut self, order: &Order) -> Result<Answer, ClientError> {
        let body = self.ask(Action::OrderSend(order.clone())).await?;
        Ok(Answer {
            body,
            sent: attempt.number(),
        })
    }

    /// Asks how an order stands.
    #[wait_or_die(
        name = "client.status",
        policy = PLACE,
        retry_if = ClientError::ask_again,
        fields(client = self.number)
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
    // A request without an id that can be read has an answer without one.
    let is_ours = reply
        .id
        .as_ref()
        .map_or(matches!(reply.body, Body::Error { .. }), |of| of == id);
    if !is_ours {
        return Err(ClientError::Garbled("another request's id".to_owned()));
    }
    match reply.body {
        Body::Error { message } => Err(ClientError::Refused(message)),
        Body::NotFound { message } => Err(ClientError::NotFound(message)),
        Body::NotExecuted {
            message,
            retry_after_ms: None,
        } => Err(ClientError::NotExecuted(message)),
        Body::NotExecuted {
            message,
            retry_after_ms: Some(millis),
        } => Err(ClientError::Later {
            message,
            retry_after: Duration::from_millis(millis),
        }),
        Body::Unknown {
            message,
            retry_after_ms,
        } => Err(ClientError::Unknown {
            message,
            retry_after: retry_after_ms.map(Duration::from_millis),
        }),
        // Somebody is at it: what comes of it is to be asked for.
        Body::InProgress { message } => Err(ClientError::Unknown {
            message,
            retry_after: None,
        }),
        body => Ok(body),
    }
}

fn outcome(answer: &Answer) -> Outcome {
    match &answer.body {
        Body::Filled(took) | Body::Partial(took) | Body::Placed(took) => {
            if took.reconciled {
                Outcome::Reconciled
            } else {
                Outcome::Filled {
                    sent: answer.sent,
                    attempts: took.attempts,
                }
            }
        }
        Body::Rejected { .. } => Outcome::Rejected,
        // `understand` lets no other body through for an order.
        _ => Outcome::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::{ClientError, understand};
    use crate::protocol::Name;
    use serde_json::json;
    use std::time::Duration;
    use wait_or_die::{Classify as _, Verdict};

    /// What the client makes of a reply with this status.
    fn error(status: &str, retry_after_ms: Option<u64>) -> ClientError {
        let mut reply = json!({"id": "r-1", "status": status, "message": "no"});
        if let Some(millis) = retry_after_ms {
            reply["retry_after_ms"] = json!(millis);
        }
        let id = Name::try_from("r-1".to_owned()).unwrap();
        understand(&id, reply.to_string().as_bytes()).unwrap_err()
    }

    #[test]
    fn an_order_waits_as_long_as_the_service_says() {
        let later = Verdict::Throttled(Some(Duration::from_millis(640)));
        let turned_away = error("NOT_EXECUTED", Some(640));
        assert_eq!(turned_away.classify(), later);
        assert!(turned_away.certainly_not_executed());
        assert_eq!(turned_away.to_string(), "not executed: no");
        let not_executed = error("NOT_EXECUTED", None);
        assert_eq!(not_executed.classify(), Verdict::Transient);
        assert!(not_executed.certainly_not_executed());
    }

    #[test]
    fn an_order_whose_outcome_is_unknown_is_asked_about_when_the_service_says() {
        let unknown = error("UNKNOWN", Some(640));
        // Not sent again; only the question is.
        assert_eq!(unknown.classify(), Verdict::Fault);
        assert!(!unknown.certainly_not_executed());
        let later = Verdict::Throttled(Some(Duration::from_millis(640)));
        assert_eq!(unknown.ask_again(), later);
        assert_eq!(error("UNKNOWN", None).ask_again(), Verdict::Transient);
        for status in ["ERROR", "NOT_FOUND"] {
            assert_eq!(error(status, None).ask_again(), Verdict::Permanent);
            assert!(!error(status, None).certainly_not_executed());
        }
    }

    #[test]
    fn an_answer_to_another_request_is_none() {
        let id = Name::of_program("r-1");
        for (reply, told) in [
            (json!({"id": "r-2", "status": "OK"}), "another request's id"),
            (json!({"id": null, "status": "OK"}), "another request's id"),
            (
                json!({"id": "r-2", "status": "ERROR", "message": "no"}),
                "another request's id",
            ),
            (
                json!({"id": null, "status": "ERROR", "message": "no"}),
                "refused: no",
            ),
        ] {
            let error = understand(&id, reply.to_string().as_bytes()).unwrap_err();
            assert!(error.to_string().ends_with(told), "{error}");
        }
    }
}
