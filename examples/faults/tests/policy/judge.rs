//! What both clients make of an answer. The verdicts are the runtime's own, so that the property holds them, and the delays
//! that it reads, against what the oracle expects.

use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderMap};
use wait_or_die::classify::http::Exchange;
use wait_or_die::{Classify, Verdict};

/// Bytes of a body that are read.
pub(crate) const LIMIT: usize = 64 * 1024;

/// Every request may be repeated here: this is about the policy, and not about what may be done twice.
pub(crate) const EXCHANGE: Exchange = Exchange::idempotent();

#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum CallError {
    #[error("no answer came through: {what}")]
    #[classify(source = verdict)]
    Transport { what: String, verdict: Verdict },
    #[error("status {status}")]
    #[classify(source = verdict)]
    Status {
        status: StatusCode,
        verdict: Verdict,
    },
    #[error("the answer is not to be understood: {0}")]
    #[classify(permanent)]
    Answer(&'static str),
    #[error(transparent)]
    #[classify(source)]
    WaitOrDie(#[from] wait_or_die::Error),
}

/// A head that promises JSON.
pub(crate) fn accept(status: StatusCode, headers: &HeaderMap) -> Result<(), CallError> {
    if !status.is_success() {
        let verdict = EXCHANGE.response(status, headers);
        return Err(CallError::Status { status, verdict });
    }
    match headers.get(CONTENT_TYPE) {
        Some(content_type) if content_type == "application/json" => Ok(()),
        _ => Err(CallError::Answer("not called JSON")),
    }
}

pub(crate) fn read(body: &[u8]) -> Result<serde_json::Value, CallError> {
    serde_json::from_slice(body).map_err(|_| CallError::Answer("not JSON"))
}
