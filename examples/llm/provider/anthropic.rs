//! The Messages API of Anthropic.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{End, Event, Malformed, Message, Question, Told, read};
use crate::usage::Tokens;

/// No `temperature` and no `thinking`: the models of today refuse some values of both.
pub(super) fn body(question: &Question<'_>) -> Value {
    json!({
        "model": question.model,
        "max_tokens": question.max_tokens,
        "stream": question.stream,
        "system": question.task,
        "messages": [{ "role": "user", "content": question.document }],
    })
}

#[derive(Deserialize)]
struct Answer {
    content: Vec<Block>,
    stop_reason: Option<String>,
    usage: Option<Usage>,
}

/// A block of the answer. Those that think, or call tools, are passed over.
#[derive(Deserialize)]
struct Block {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    text: String,
}

/// In a stream the counts are cumulative, and those that did not change may be left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[allow(clippy::struct_field_names)] // the service's own names
pub(crate) struct Usage {
    input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

impl Usage {
    /// Each count as it is told here, or else as it was told before.
    fn over(self, known: Self) -> Self {
        let cache_creation = self.cache_creation_input_tokens;
        let cache_read = self.cache_read_input_tokens;
        Self {
            input_tokens: self.input_tokens.or(known.input_tokens),
            cache_creation_input_tokens: cache_creation.or(known.cache_creation_input_tokens),
            cache_read_input_tokens: cache_read.or(known.cache_read_input_tokens),
            output_tokens: self.output_tokens.or(known.output_tokens),
        }
    }

    /// `input_tokens` are only those that were neither written to a cache nor read from one.
    fn tokens(self) -> Tokens {
        let input = [
            self.input_tokens,
            self.cache_creation_input_tokens,
            self.cache_read_input_tokens,
        ];
        Tokens {
            input: input.into_iter().flatten().fold(0, u64::saturating_add),
            output: self.output_tokens.unwrap_or_default(),
        }
    }
}

fn end(stop_reason: Option<&str>) -> End {
    match stop_reason {
        None => End::Open,
        Some("max_tokens" | "model_context_window_exceeded") => End::Cut,
        Some("refusal") => End::Refused,
        Some("end_turn" | "stop_sequence") => End::Whole,
        // `pause_turn`, `tool_use`, and what is added one day.
        Some(_) => End::Failed,
    }
}

pub(super) fn message(body: &[u8]) -> Result<Message, Malformed> {
    let answer: Answer = read(body)?;
    let texts = answer.content.into_iter();
    let texts = texts.filter(|block| block.kind == "text");
    Ok(Message {
        text: texts.map(|block| block.text).collect(),
        tokens: answer.usage.map(Usage::tokens),
        end: end(answer.stop_reason.as_deref()),
        ..Message::default()
    })
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Sent {
    MessageStart {
        message: Start,
    },
    ContentBlockDelta {
        delta: Delta,
    },
    MessageDelta {
        delta: Stop,
        usage: Option<Usage>,
    },
    MessageStop,
    Error {
        error: Value,
    },
    ContentBlockStart,
    ContentBlockStop,
    /// `ping`, and what is added one day: "new event types may be added", and are to be passed over.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Start {
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Delta {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct Stop {
    stop_reason: Option<String>,
}

pub(super) fn event(data: &str, message: &mut Message) -> Result<Event, Malformed> {
    match read(data.as_bytes())? {
        Sent::MessageStart { message: start } => add(start.usage, message),
        Sent::ContentBlockDelta { delta } => {
            if delta.kind == "text_delta" {
                message.text += &delta.text;
            }
        }
        Sent::MessageDelta { delta, usage } => {
            add(usage, message);
            message.end = end(delta.stop_reason.as_deref());
        }
        Sent::MessageStop => return Ok(Event::Done),
        Sent::Error { error } => return Ok(Event::Failed(Told::of_error(&error))),
        Sent::ContentBlockStart | Sent::ContentBlockStop => {}
        Sent::Other => return Ok(Event::Ping),
    }
    Ok(Event::Part)
}

fn add(usage: Option<Usage>, message: &mut Message) {
    if let Some(usage) = usage {
        message.counts = usage.over(message.counts);
        message.tokens = Some(message.counts.tokens());
    }
}
