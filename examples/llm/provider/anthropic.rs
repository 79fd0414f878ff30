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
#[derive(Deserialize)]
#[allow(clippy::struct_field_names)] // the service's own names
struct Usage {
    input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

impl Usage {
    /// `input_tokens` are only those that were neither written to a cache nor read from one.
    fn over(&self, known: Option<Tokens>) -> Tokens {
        let known = known.unwrap_or_default();
        let input = self.input_tokens.map(|plain| {
            let cached = [
                self.cache_creation_input_tokens,
                self.cache_read_input_tokens,
            ];
            let cached = cached.into_iter().flatten();
            cached.fold(plain, u64::saturating_add)
        });
        Tokens {
            input: input.unwrap_or(known.input),
            output: self.output_tokens.unwrap_or(known.output),
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
        tokens: answer.usage.map(|usage| usage.over(None)),
        end: end(answer.stop_reason.as_deref()),
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
        message.tokens = Some(usage.over(message.tokens));
    }
}
