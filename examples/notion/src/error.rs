//! What can go wrong, and what it says about another attempt.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use wait_or_die::classify::http::Exchange;
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
    /// What was sent may still be carried out, or is not told yet. A push waits for that within its 300 s; it ends with this
    /// if they, or the retry budget, are too short.
    #[error(
        "what was sent to Notion had no answer and may still be carried out: push again in {} s",
        .0.as_secs_f64().ceil()
    )]
    NotYet(Duration),
    /// So many creations had no answer, and Notion does not find what is certainly or possibly there: there may be more
    /// than one page.
    #[error(
        "{0} attempts to create the page had no answer, and Notion does not find what they made: push again later, which \
         finds it and keeps one"
    )]
    Unsettled(usize),
    /// The page or list to be searched has more elements than are read.
    #[error(
        "the parent has more than {0} blocks, too many to search: push into a data source, which finds a page by its id"
    )]
    TooMany(usize),
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
        // Such a conflict passes by waiting, as what is unavailable does.
        let judged = if status == StatusCode::CONFLICT && code == "conflict_error" {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            status
        };
        let verdict = Exchange::idempotent().response_with_code(judged, headers, &code);
        Self::Answered {
            status,
            code,
            message,
            verdict,
        }
    }

    /// What has become of a request that changes something.
    pub(crate) fn fate(&self) -> Fate {
        match self {
            // Whoever limits a rate has done nothing, Notion or not.
            Self::Answered { status, .. } if *status == StatusCode::TOO_MANY_REQUESTS => {
                Fate::NotDone
            }
            // A proxy may have sent the request on before it answered in its own name.
            Self::Answered { code, .. } if code.is_empty() => Fate::Open,
            Self::Answered { status, .. } => match status.as_u16() {
                // 408 is the one client error that says nothing about how far the server got.
                408 | 502..=504 => Fate::Open,
                400..=499 | 529 => Fate::NotDone,
                _ => Fate::Ended,
            },
            Self::Transport(error) if error.not_sent => Fate::NotDone,
            Self::Request(_) | Self::Report(_) => Fate::NotDone,
            _ => Fate::Open,
        }
    }

    /// Whether Notion, or what is before it, answered so.
    pub(crate) fn has_status(&self, asked: StatusCode) -> bool {
        matches!(self, Self::Answered { status, .. } if *status == asked)
    }

    /// Whether Notion says that it has not got what was named, or that it is not shared.
    pub(crate) fn is_not_found(&self) -> bool {
        self.has_status(StatusCode::NOT_FOUND)
    }

    /// Whether a page that was to go to the trash is there already, or gone for good.
    pub(crate) fn is_in_trash(&self) -> bool {
        let says =
            |word: &str| matches!(self, Self::Answered { message, .. } if message.contains(word));
        self.is_not_found() || (self.has_status(StatusCode::BAD_REQUEST) && says("archived"))
    }

    /// The same failure, worth another attempt.
    pub(crate) fn passing(mut self) -> Self {
        if let Self::Answered { verdict, .. } = &mut self {
            *verdict = Verdict::Transient;
        }
        self
    }
}

/// What has become of a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Notion refused it, or never got it.
    NotDone,
    /// Nobody knows whether it was carried out; it is not being worked on any more.
    Ended,
    /// Nobody knows; it may still be carried out.
    Open,
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
            Self::NotYet(wait) => Verdict::Throttled(Some(*wait)),
            Self::Unexpected(_) => Verdict::Fault,
            Self::Differs { .. }
            | Self::Unsettled(_)
            | Self::TooMany(_)
            | Self::Request(_)
            | Self::Report(_) => Verdict::Permanent,
            Self::Died(error) => error.classify(),
        }
    }
}
