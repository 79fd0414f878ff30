//! What can go wrong between the service and its socket, and what each of it deserves.

use wait_or_die::Classify;

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
    /// A reply without a request (`EFSM`): it was sent already, or its request went with a lost socket.
    #[error("no request is waiting for this reply")]
    #[classify(permanent)]
    OutOfTurn,
    /// The message has been taken off the socket and is not a request; another attempt would wait for
    /// the next one, while the sender of this one waits for its answer.
    #[error("{0}")]
    #[classify(permanent)]
    Malformed(String),
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
            zmq::Error::EFSM => Self::OutOfTurn,
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
        for error in [
            zmq::Error::ENOTSOCK,
            zmq::Error::EHOSTUNREACH,
            zmq::Error::ETERM,
        ] {
            let mapped = GatewayError::from(error);
            assert!(matches!(mapped, GatewayError::Connection(kept) if kept == error));
            assert_eq!(mapped.classify(), Verdict::Transient);
        }
        assert_eq!(again.classify(), Verdict::Transient);
    }

    #[test]
    fn a_reply_out_of_turn_is_never_sent_again() {
        let out_of_turn = GatewayError::from(zmq::Error::EFSM);
        assert_eq!(out_of_turn.classify(), Verdict::Permanent);
    }
}
