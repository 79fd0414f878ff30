//! `generateContent` and `streamGenerateContent` of the Gemini API.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{End, Event, Malformed, Message, Question, Told, read};
use crate::usage::Tokens;

pub(super) fn path(question: &Question<'_>) -> String {
    let method = if question.stream {
        "streamGenerateContent?alt=sse"
    } else {
        "generateContent"
    };
    format!("/v1beta/models/{}:{method}", question.model)
}

pub(super) fn body(question: &Question<'_>) -> Value {
    json!({
        "systemInstruction": { "parts": [{ "text": question.task }] },
        "contents": [{ "role": "user", "parts": [{ "text": question.document }] }],
        "generationConfig": { "maxOutputTokens": question.max_tokens },
    })
}

/// A whole answer, and each event of a stream.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    candidates: Vec<Candidate>,
    prompt_feedback: Option<Feedback>,
    usage_metadata: Option<Usage>,
    /// In a stream that was answered with 200 already.
    error: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    content: Option<Content>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    text: String,
    #[serde(default)]
    thought: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feedback {
    block_reason: Option<String>,
}

/// `totalTokenCount` is the sum of these four; cached tokens are in the count of the prompt.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[allow(clippy::struct_field_names)] // the service's own names
struct Usage {
    prompt_token_count: u64,
    tool_use_prompt_token_count: u64,
    candidates_token_count: u64,
    thoughts_token_count: u64,
}

impl Usage {
    const fn tokens(&self) -> Tokens {
        let Self {
            prompt_token_count: prompt,
            tool_use_prompt_token_count: tools,
            candidates_token_count: candidates,
            thoughts_token_count: thoughts,
        } = self;
        Tokens {
            input: prompt.saturating_add(*tools),
            output: candidates.saturating_add(*thoughts),
        }
    }
}

fn end(finish_reason: &str) -> End {
    match finish_reason {
        "STOP" => End::Whole,
        "MAX_TOKENS" => End::Cut,
        "SAFETY" | "RECITATION" | "LANGUAGE" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" => {
            End::Refused
        }
        // `OTHER`, `MALFORMED_FUNCTION_CALL`, and what is added one day.
        _ => End::Failed,
    }
}

impl Answer {
    fn add_to(self, message: &mut Message) {
        if let Some(usage) = self.usage_metadata {
            message.tokens = Some(usage.tokens());
        }
        if self
            .prompt_feedback
            .is_some_and(|feedback| feedback.block_reason.is_some())
        {
            message.end = End::Refused;
        }
        // One candidate is asked for.
        let Some(candidate) = self.candidates.into_iter().next() else {
            return;
        };
        let parts = candidate
            .content
            .into_iter()
            .flat_map(|content| content.parts);
        for part in parts.filter(|part| !part.thought) {
            message.text += &part.text;
        }
        if let Some(reason) = candidate.finish_reason {
            message.end = end(&reason);
        }
    }
}

pub(super) fn message(body: &[u8]) -> Result<Message, Malformed> {
    let answer: Answer = read(body)?;
    if answer.candidates.is_empty() && answer.prompt_feedback.is_none() {
        return Err(Malformed);
    }
    let mut message = Message::default();
    answer.add_to(&mut message);
    Ok(message)
}

/// There is no last event, and a reason to stop may come before the last text: the end of the stream is the end.
pub(super) fn event(data: &str, message: &mut Message) -> Result<Event, Malformed> {
    let answer: Answer = read(data.as_bytes())?;
    if let Some(error) = &answer.error {
        return Ok(Event::Failed(Told::of_error(error)));
    }
    answer.add_to(message);
    Ok(Event::Part)
}
