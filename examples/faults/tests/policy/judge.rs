//! What both clients make of an answer, and which of their errors they retry.

use std::time::Duration;

use http::StatusCode;
use http::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use wait_or_die::Verdict;

/// Bytes of a body that are read.
pub(crate) const LIMIT: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("no answer came through: {0}")]
    Transport(String),
    #[error("status {0}")]
    Status(u16, Option<Duration>),
    #[error("the answer is not to be understood: {0}")]
    Answer(&'static str),
    #[error(transparent)]
    WaitOrDie(#[from] wait_or_die::Error),
}

/// Every request may be repeated here: this is about the policy, and not about what may be done twice.
pub(crate) fn verdict(error: &CallError) -> Verdict {
    match error {
        CallError::Status(429, delay) | CallError::Status(503, delay @ Some(_)) => {
            Verdict::Throttled(*delay)
        }
        CallError::Transport(_) | CallError::Status(408 | 425 | 500 | 502 | 503 | 504 | 529, _) => {
            Verdict::Transient
        }
        _ => Verdict::Permanent,
    }
}

/// A head that promises JSON.
pub(crate) fn accept(status: StatusCode, headers: &HeaderMap) -> Result<(), CallError> {
    if !status.is_success() {
        return Err(CallError::Status(status.as_u16(), delay(headers)));
    }
    match headers.get(CONTENT_TYPE) {
        Some(content_type) if content_type == "application/json" => Ok(()),
        _ => Err(CallError::Answer("not called JSON")),
    }
}

pub(crate) fn read(body: &[u8]) -> Result<serde_json::Value, CallError> {
    serde_json::from_slice(body).map_err(|_| CallError::Answer("not JSON"))
}

fn delay(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    if let Some(millis) = text("retry-after-ms") {
        return millis.parse().ok().map(Duration::from_millis);
    }
    let after = text(RETRY_AFTER.as_str())?;
    if after.bytes().all(|byte| byte.is_ascii_digit()) && !after.is_empty() {
        return Some(Duration::from_secs(after.parse().unwrap_or(u64::MAX)));
    }
    let now = httpdate::parse_http_date(text(DATE.as_str())?).ok()?;
    httpdate::parse_http_date(after)
        .ok()?
        .duration_since(now)
        .ok()
}
