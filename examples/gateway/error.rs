//! What can go wrong between the service and its socket, and what each of it deserves.

use wait_or_die::Classify;

use crate::link::Peer;

/// Failures of receiving and sending.
#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum GatewayError {
    /// Nothing came, or nothing could be taken, in time (`EAGAIN`).
    #[error("resource temporarily unavailable")]
    #[classify(transient)]
    Timeout,
    /// Any other error of `ZeroMQ`; the socket is opened anew, so another attempt is worth its wait.
    #[error("connection failed: {0}")]
    #[classify(transient)]
    Connection(zmq::Error),
    /// Nobody is there to take the reply (`EHOSTUNREACH`): its client has left, or lost its connection with a socket that
    /// was lost. It comes again on another connection, where it asks what it wants to know; nobody waits for this reply.
    #[error("the client has left without its reply")]
    #[classify(permanent)]
    Left,
    /// The message has been taken off the socket and is not a request; another attempt would wait for
    /// the next one, while the sender of this one waits for its answer.
    #[error("{why}")]
    #[classify(permanent)]
    Malformed { why: String, from: Peer },
    /// A reply that is no JSON; the same reply would not be on another attempt.
    #[error("the reply cannot be written: {0}")]
    #[classify(permanent)]
    Unwritable(String),
    /// The thread that owns the socket has ended.
    #[error("the socket is closed")]
    #[classify(permanent)]
    Closed,
    /// The call used up its time without an error of its own.
    #[error(transparent)]
    #[classify(permanent)]
    Died(#[from] wait_or_die::Error),
}

impl From<zmq::Error> for GatewayError {
    fn from(error: zmq::Error) -> Self {
        match error {
            zmq::Error::EAGAIN => Self::Timeout,
            zmq::Error::EHOSTUNREACH => Self::Left,
            other => Self::Connection(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::GatewayError;
    use wait_or_die::{Classify as _, Verdict};

    #[test]
    fn again_is_a_timeout_and_the_rest_a_lost_connection() {
        let again = GatewayError::from(zmq::Error::EAGAIN);
        assert!(matches!(again, GatewayError::Timeout));
        // The same condition by its text, which is how other languages' bindings tell it.
        assert_eq!(
            again.to_string(),
            zmq::Error::EAGAIN.message().to_lowercase()
        );
        for error in [zmq::Error::ENOTSOCK, zmq::Error::EFSM, zmq::Error::ETERM] {
            let mapped = GatewayError::from(error);
            assert!(matches!(mapped, GatewayError::Connection(kept) if kept == error));
            assert_eq!(mapped.classify(), Verdict::Transient);
        }
        assert_eq!(again.classify(), Verdict::Transient);
    }

    #[test]
    fn a_reply_whose_client_has_left_is_never_sent_again() {
        let left = GatewayError::from(zmq::Error::EHOSTUNREACH);
        assert!(matches!(left, GatewayError::Left));
        assert_eq!(left.classify(), Verdict::Permanent);
    }
}
