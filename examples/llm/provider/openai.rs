//! Chat completions, as `OpenAI` has them and many servers speak them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{End, Event, Malformed, Message, Question, Told, read};
use crate::usage::Tokens;

/// What `OpenAI` sends as the data of the last event.
const DONE: &str = "[DONE]";

/// `max_completion_tokens` is what `OpenAI` wants. Servers that only know `max_tokens` pass it over and take their own limit.
pub(super) fn body(question: &Question<'_>) -> Value {
    let mut body = json!({
        "model": question.model,
        "max_completion_tokens": question.max_tokens,
        "stream": question.stream,
        "messages": [
            { "role": "system", "content": question.task },
            { "role": "user", "content": question.document },
        ],
    });
    if question.stream {
        // Without it a stream says nothing of its cost.
        body["stream_options"] = json!({ "include_usage": true });
    }
    body
}

/// A whole answer, and each event of a stream.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    /// In a stream it is called `delta`.
    #[serde(alias = "delta")]
    message: Option<Text>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Text {
    content: Option<String>,
    /// The model's own words in place of an answer; the reason to stop is `stop` all the same.
    refusal: Option<String>,
}

/// Cached tokens are in those of the prompt, and reasoning is in those of the completion.
#[derive(Deserialize)]
struct Usage {
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

fn end(finish_reason: &str) -> End {
    match finish_reason {
        "stop" => End::Whole,
        // Some servers name it as the request does.
        "length" | "max_tokens" => End::Cut,
        "content_filter" => End::Refused,
        // `tool_calls`, `error`, and the words that servers have of their own for an answer that broke off.
        _ => End::Failed,
    }
}

impl Answer {
    fn add_to(self, message: &mut Message) {
        if let Some(usage) = self.usage {
            message.tokens = Some(Tokens {
                input: usage.prompt_tokens,
                output: usage.completion_tokens,
            });
        }
        // The event that tells the usage has no choice.
        let Some(choice) = self.choices.into_iter().next() else {
            return;
        };
        if let Some(said) = choice.message {
            message.text += &said.content.unwrap_or_default();
            if said.refusal.is_some_and(|refusal| !refusal.is_empty()) {
                message.end = End::Refused;
            }
        }
        if let Some(reason) = choice.finish_reason
            && message.end != End::Refused
        {
            message.end = end(&reason);
        }
    }
}

pub(super) fn message(body: &[u8]) -> Result<Message, Malformed> {
    let answer: Answer = read(body)?;
    if answer.choices.is_empty() {
        return Err(Malformed);
    }
    let mut message = Message::default();
    answer.add_to(&mut message);
    Ok(message)
}

pub(super) fn event(data: &str, message: &mut Message) -> Result<Event, Malformed> {
    if data == DONE {
        return Ok(Event::Done);
    }
    let answer: Answer = read(data.as_bytes())?;
    if let Some(error) = &answer.error {
        return Ok(Event::Failed(Told::of_error(error)));
    }
    answer.add_to(message);
    Ok(Event::Part)
}
