//! What a service tells of a failure: codes to compare, a delay, never its message.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;
use wait_or_die::Verdict;
use wait_or_die::classify::http::Exchange;

/// A code that is known, and so may be shown: what a service sends is not shown as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Code(pub(crate) &'static str);

/// What Gemini calls a quota that is filled up once a day.
const DAILY: Code = Code("daily_quota_exceeded");

/// Of absurd delays: beyond any deadline, so that the call ends at once.
const LONGEST_DELAY: Duration = Duration::from_secs(365 * 86_400);

/// In the words of the services, and what they would have answered with if it was not a stream.
const KNOWN: [(&str, u16); 33] = [
    // Quotas that do not come back by waiting.
    ("insufficient_quota", 429),
    ("credit_balance_exhausted", 429),
    ("organization_spend_limit_exceeded", 429),
    ("workspace_spend_limit_exceeded", 429),
    ("organization_usage_limit_exceeded", 429),
    ("enforced_spend_limit_reached", 429),
    // Anthropic.
    ("invalid_request_error", 400),
    ("authentication_error", 401),
    ("billing_error", 402),
    ("permission_error", 403),
    ("not_found_error", 404),
    ("conflict_error", 409),
    ("request_too_large", 413),
    ("rate_limit_error", 429),
    ("api_error", 500),
    ("timeout_error", 504),
    ("overloaded_error", 529),
    // OpenAI.
    ("invalid_api_key", 401),
    ("model_not_found", 404),
    ("context_length_exceeded", 400),
    ("rate_limit_exceeded", 429),
    ("server_error", 500),
    // Gemini, by the names of gRPC.
    ("INVALID_ARGUMENT", 400),
    ("FAILED_PRECONDITION", 400),
    ("UNAUTHENTICATED", 401),
    ("PERMISSION_DENIED", 403),
    ("NOT_FOUND", 404),
    ("RESOURCE_EXHAUSTED", 429),
    ("CANCELLED", 499),
    ("INTERNAL", 500),
    ("UNAVAILABLE", 503),
    ("DEADLINE_EXCEEDED", 504),
    ("UNKNOWN", 500),
];

/// What a service told of a failure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// The most telling first.
    codes: Vec<Code>,
    /// As a number in the body, which a stream has in place of a status.
    status: Option<u16>,
    /// Gemini's `RetryInfo`, which is no header.
    delay: Option<Duration>,
}

impl Told {
    /// Reads the body of an answer that is an error; whatever cannot be read tells nothing.
    pub(crate) fn of_body(body: &[u8]) -> Self {
        let Ok(body) = serde_json::from_slice::<Value>(body) else {
            return Self::default();
        };
        // Gemini puts the error of a stream that never began into an array.
        let body = body.get(0).unwrap_or(&body);
        body.get("error").map(Self::of_error).unwrap_or_default()
    }

    /// Reads the object that all three call `error`.
    pub(crate) fn of_error(error: &Value) -> Self {
        let texts = [
            error.pointer("/details/error_code"),
            error.get("code"),
            error.get("status"),
            error.get("type"),
        ];
        let texts = texts.into_iter().flatten().filter_map(Value::as_str);
        let mut codes: Vec<_> = texts.filter_map(known).collect();
        let details = error.get("details").and_then(Value::as_array);
        let details = details.map(Vec::as_slice).unwrap_or_default();
        if details.iter().any(is_daily) {
            codes.insert(0, DAILY);
        }
        let status = error.get("code").and_then(Value::as_u64);
        Self {
            codes,
            status: status.and_then(|status| u16::try_from(status).ok()),
            delay: details.iter().find_map(delay),
        }
    }

    /// The most telling code.
    pub(crate) fn code(&self) -> Option<Code> {
        self.codes.first().copied()
    }

    /// The status that it would have been told with, of an error in a stream.
    pub(crate) fn status(&self) -> StatusCode {
        let of_code = || {
            let code = self.codes.last()?;
            let (_, status) = KNOWN.iter().find(|(known, _)| *known == code.0)?;
            Some(*status)
        };
        self.status
            .or_else(of_code)
            .and_then(|status| StatusCode::from_u16(status).ok())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The verdict on an answer with this status, these headers and this error in its body.
    ///
    /// A completion changes nothing, so it may be asked for twice although it is a `POST`: what it costs is tokens.
    pub(crate) fn verdict(&self, status: StatusCode, headers: &HeaderMap) -> Verdict {
        if self.codes.contains(&DAILY) {
            return Verdict::Permanent;
        }
        let exchange = Exchange::idempotent();
        let plain = exchange.response(status, headers);
        let codes = self.codes.iter();
        let by_code = codes.map(|code| exchange.response_with_code(status, headers, code.0));
        match by_code.into_iter().find(|verdict| *verdict != plain) {
            Some(verdict) => verdict,
            None if matches!(plain, Verdict::Transient | Verdict::Throttled(None)) => self
                .delay
                .map_or(plain, |delay| Verdict::Throttled(Some(delay))),
            None => plain,
        }
    }
}

fn known(text: &str) -> Option<Code> {
    let found = KNOWN.iter().find(|(known, _)| *known == text);
    match found {
        Some((code, _)) => Some(Code(code)),
        // Limits come under names of many; which one it was is in the console of the service.
        None if text.ends_with("_spend_limit_exceeded") => Some(Code("other_spend_limit_exceeded")),
        None => None,
    }
}

/// Whether a detail of Gemini's says that the quota of a day is used up. It comes with a delay of seconds all the same.
fn is_daily(detail: &Value) -> bool {
    let violations = detail.get("violations").and_then(Value::as_array);
    let ids = violations.into_iter().flatten();
    let mut ids = ids.filter_map(|violation| violation.get("quotaId")?.as_str());
    ids.any(|id| id.contains("PerDay"))
}

/// The delay of Gemini's `RetryInfo`: seconds with an `s` behind them.
fn delay(detail: &Value) -> Option<Duration> {
    let seconds = detail.get("retryDelay")?.as_str()?.strip_suffix('s')?;
    let seconds: f64 = seconds.parse().ok()?;
    if !seconds.is_finite() || seconds <= 0.0 {
        return None;
    }
    let delay = Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_DELAY);
    (!delay.is_zero()).then(|| delay.min(LONGEST_DELAY))
}
