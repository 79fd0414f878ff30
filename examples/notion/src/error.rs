//! What can go wrong, and what it says about another attempt.

use http::{HeaderMap, StatusCode};
use wait_or_die::classify::http::{Exchange, retry_after};
use wait_or_die::{Classify, Error, Verdict};

use crate::http::TransportError;

/// Why a call of Notion failed.
///
/// No text of the report and no token is in it. What Notion says is passed on: runtime and program filter what they
/// print.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotionError {
    /// Notion answered that it did not do it, or failed at it.
    #[error("Notion answered {}", told(*status, code, message))]
    Answered {
        /// The HTTP status.
        status: StatusCode,
        /// Its code for the error, such as `rate_limited`; empty if the answer was not Notion's own.
        code: String,
        /// Its explanation.
        message: String,
        /// What follows from it.
        verdict: Verdict,
    },
    /// There was no whole answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// No answer within the time that one request may take.
    #[error("Notion gave no answer within {0} s")]
    NoAnswer(u64),
    /// An answer that cannot be read: cut off, or not JSON at all.
    #[error("Notion's answer cannot be read: {0}")]
    Unreadable(String),
    /// JSON without what should be in it: the API has changed, or this is not Notion.
    #[error("Notion's answer is not what it should be: {0}")]
    Unexpected(String),
    /// The page does not hold what was written to it: somebody else has changed it meanwhile, or Notion carried out a
    /// request after it was given up.
    #[error(
        "the page {page} holds something else than the report from its block {block} on; somebody has to look at it"
    )]
    Differs {
        /// The page's id.
        page: String,
        /// The first block that differs, counted from 1.
        block: usize,
    },
    /// So many creations had no answer, and the page was never found: there may be none of it, or some.
    #[error(
        "{0} attempts to create the page had no answer, and it was not found: look for it before you push again"
    )]
    Unsettled(usize),
    /// The request cannot be made, such as for an id with a slash in it.
    #[error("{0}")]
    Request(String),
    /// The report's file cannot be read.
    #[error("cannot read the report: {0}")]
    Report(#[from] std::io::Error),
    /// The call ended without an answer of Notion's: its time was used up, or the breaker is open.
    #[error(transparent)]
    Died(#[from] Error),
}

impl NotionError {
    /// An answer that is not a success.
    ///
    /// 409 `conflict_error` is a transaction that Notion took back, and asks to try again. Creating and appending are
    /// never sent again without looking at what is there, so every request counts as one that may be repeated.
    pub(crate) fn answered(
        status: StatusCode,
        headers: &HeaderMap,
        code: String,
        message: String,
    ) -> Self {
        let verdict = match status {
            StatusCode::CONFLICT => retry_after(headers)
                .map_or(Verdict::Transient, |delay| Verdict::Throttled(Some(delay))),
            status => Exchange::idempotent().response_with_code(status, headers, &code),
        };
        Self::Answered {
            status,
            code,
            message,
            verdict,
        }
    }

    /// Whether Notion certainly did nothing: it refused the request, or never got it.
    pub(crate) fn nothing_done(&self) -> bool {
        match self {
            // 408 is the one client error that says nothing about how far the server got.
            Self::Answered { status, .. } => {
                (status.is_client_error() && *status != StatusCode::REQUEST_TIMEOUT)
                    || status.as_u16() == 529
            }
            Self::Transport(error) => error.not_sent,
            Self::Request(_) | Self::Report(_) => true,
            Self::NoAnswer(_)
            | Self::Unreadable(_)
            | Self::Unexpected(_)
            | Self::Differs { .. }
            | Self::Unsettled(_)
            | Self::Died(_) => false,
        }
    }
}

/// What is in front of Notion answers without a code, and often in HTML, which nobody wants to read here.
fn told(status: StatusCode, code: &str, message: &str) -> String {
    if code.is_empty() {
        return status.to_string();
    }
    format!("{} {code}: {message}", status.as_u16())
}

impl Classify for NotionError {
    fn classify(&self) -> Verdict {
        match self {
            Self::Answered { verdict, .. } => *verdict,
            Self::Transport(error) => error.verdict,
            Self::NoAnswer(_) | Self::Unreadable(_) => Verdict::Transient,
            Self::Unexpected(_) => Verdict::Fault,
            Self::Differs { .. } | Self::Unsettled(_) | Self::Request(_) | Self::Report(_) => {
                Verdict::Permanent
            }
            Self::Died(error) => error.classify(),
        }
    }
}
