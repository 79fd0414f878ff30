//! The three services: what they are asked, and what they answer, as data.
//!
//! Nothing here sends anything. What a service says is read into a [`Message`]; its own words for an error are only ever
//! compared, never passed on, because services quote the request in them.

mod anthropic;
mod failure;
mod gemini;
mod openai;

use reqwest::header::{HeaderName, HeaderValue};
use serde_json::Value;

pub(crate) use self::failure::{Code, Told};
use crate::usage::Tokens;

/// A service that reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Provider {
    /// The Messages API of Anthropic.
    Anthropic,
    /// `generateContent` of the Gemini API.
    Gemini,
    /// Chat completions of `OpenAI`, or of whatever server speaks as they do.
    #[value(name = "openai")]
    OpenAi,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) model: &'a str,
    /// What the model is to do.
    pub(crate) task: &'a str,
    /// What it is to do it with.
    pub(crate) document: &'a str,
    /// Of the answer, thoughts included.
    pub(crate) max_tokens: u32,
    pub(crate) stream: bool,
}

/// Why an answer ended where it did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing was said about it yet.
    #[default]
    Open,
    /// The model had said all.
    Whole,
    /// At the limit of tokens.
    Cut,
    /// The service or the model would not answer.
    Refused,
    /// For a reason that is no fault of the question, and may be gone the next time.
    Failed,
}

/// What a service answered; of a stream, what of it has arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) text: String,
    pub(crate) tokens: Option<Tokens>,
    pub(crate) end: End,
    /// The counts that a stream of Anthropic's has told so far.
    pub(crate) counts: anthropic::Usage,
}

/// What an event of a stream was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A sign of life; says nothing about the answer.
    Ping,
    /// A part of the answer has been added to the message.
    Part,
    /// The last event: the message is what it is.
    Done,
    /// The service failed in the middle.
    Failed(Told),
}

/// It is not what the service is documented to answer. Says nothing of what it was, which may be the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

impl Provider {
    /// As it is shown, and as its breaker and its budget are named.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::OpenAi => "openai",
        }
    }

    /// Where the service is, if nothing else is said.
    pub(crate) const fn address(self) -> &'static str {
        match self {
            Self::Anthropic => "https://api.anthropic.com",
            Self::Gemini => "https://generativelanguage.googleapis.com",
            Self::OpenAi => "https://api.openai.com/v1",
        }
    }

    /// The environment's variable for its key.
    pub(crate) const fn variable(self) -> &'static str {
        match self {
            Self::Anthropic => "ANTHROPIC_API_KEY",
            Self::Gemini => "GEMINI_API_KEY",
            Self::OpenAi => "OPENAI_API_KEY",
        }
    }

    /// The path behind its address, with the query.
    pub(crate) fn path(self, question: &Question<'_>) -> String {
        match self {
            Self::Anthropic => "/v1/messages".to_owned(),
            Self::Gemini => gemini::path(question),
            Self::OpenAi => "/chat/completions".to_owned(),
        }
    }

    pub(crate) fn body(self, question: &Question<'_>) -> Value {
        match self {
            Self::Anthropic => anthropic::body(question),
            Self::Gemini => gemini::body(question),
            Self::OpenAi => openai::body(question),
        }
    }

    /// The header that carries the key, and what precedes the key in it.
    pub(crate) const fn key_header(self) -> (HeaderName, &'static str) {
        match self {
            Self::Anthropic => (HeaderName::from_static("x-api-key"), ""),
            Self::Gemini => (HeaderName::from_static("x-goog-api-key"), ""),
            Self::OpenAi => (reqwest::header::AUTHORIZATION, "Bearer "),
        }
    }

    /// A header besides, that the service asks for.
    pub(crate) const fn version_header(self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::Anthropic => Some((
                HeaderName::from_static("anthropic-version"),
                HeaderValue::from_static("2023-06-01"),
            )),
            Self::Gemini | Self::OpenAi => None,
        }
    }

    /// Reads a whole answer.
    ///
    /// # Errors
    /// It is not what the service is documented to answer.
    pub(crate) fn message(self, body: &[u8]) -> Result<Message, Malformed> {
        match self {
            Self::Anthropic => anthropic::message(body),
            Self::Gemini => gemini::message(body),
            Self::OpenAi => openai::message(body),
        }
    }

    /// Reads one event of a stream into the message.
    ///
    /// # Errors
    /// It is not what the service is documented to send.
    pub(crate) fn event(self, data: &str, message: &mut Message) -> Result<Event, Malformed> {
        match self {
            Self::Anthropic => anthropic::event(data, message),
            Self::Gemini => gemini::event(data, message),
            Self::OpenAi => openai::event(data, message),
        }
    }

    /// Whether a stream that ends here, without a last event, is whole all the same.
    pub(crate) fn may_end(self, message: &Message) -> bool {
        // Gemini has no last event: a reason to stop is all there is.
        self == Self::Gemini && message.end != End::Open
    }
}

/// Reads JSON, and says nothing of it if it cannot: the errors of `serde_json` quote it.
fn read<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Malformed> {
    serde_json::from_slice(bytes).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests;
