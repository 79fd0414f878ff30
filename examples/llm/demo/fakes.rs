//! The three services on the loopback interface: the same paths, headers and bodies as the real ones, and answers that are
//! known beforehand.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use crate::opinion::Opinion;
use crate::provider::Provider;

/// What opens the services.
pub(crate) const KEY: &str = "sk-demo-8Hq2vLw0zKt5";

/// What a service answers, and who it is.
#[derive(Debug, Clone, Copy)]
struct Fake {
    provider: Provider,
    opinion: Opinion,
}

/// A service that is of this opinion of every document.
pub(crate) fn service(provider: Provider, opinion: Opinion) -> Router {
    let router = match provider {
        Provider::Anthropic => Router::new().route("/v1/messages", post(answer)),
        Provider::Gemini => Router::new().route("/v1beta/models/{call}", post(gemini)),
        Provider::OpenAi => Router::new().route("/chat/completions", post(answer)),
    };
    router.with_state(Fake { provider, opinion })
}

/// The text that a service of this opinion answers.
pub(crate) const fn text(opinion: Opinion) -> &'static str {
    match opinion {
        Opinion::Approve => "VERDICT: APPROVE\nline 2: the unit of the wait is missing",
        Opinion::Reject => {
            "VERDICT: REJECT\nline 1: 50 retries cannot follow within 300 s at 60 s apart"
        }
    }
}

async fn gemini(
    State(fake): State<Fake>,
    Path(call): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    fake.answer(call.ends_with(":streamGenerateContent"), &headers, &body)
}

async fn answer(State(fake): State<Fake>, headers: HeaderMap, body: Bytes) -> Response {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    fake.answer(asked["stream"] == json!(true), &headers, &body)
}

impl Fake {
    fn answer(self, is_stream: bool, headers: &HeaderMap, body: &[u8]) -> Response {
        let (name, scheme) = self.provider.key_header();
        let key = headers.get(name).and_then(|key| key.to_str().ok());
        if key.and_then(|key| key.strip_prefix(scheme)) != Some(KEY) {
            return (StatusCode::UNAUTHORIZED, Json(self.refusal(401))).into_response();
        }
        let Some(input) = self.words(body) else {
            return (StatusCode::BAD_REQUEST, Json(self.refusal(400))).into_response();
        };
        if is_stream {
            let kind = [(header::CONTENT_TYPE, "text/event-stream")];
            (kind, self.stream(input)).into_response()
        } else {
            Json(self.whole(input)).into_response()
        }
    }

    /// A token for each word that is asked.
    fn words(self, body: &[u8]) -> Option<usize> {
        let asked: Value = serde_json::from_slice(body).ok()?;
        let places = match self.provider {
            Provider::Anthropic => ["/system", "/messages/0/content"],
            Provider::Gemini => [
                "/systemInstruction/parts/0/text",
                "/contents/0/parts/0/text",
            ],
            Provider::OpenAi => ["/messages/0/content", "/messages/1/content"],
        };
        let words = |place| Some(asked.pointer(place)?.as_str()?.split_whitespace().count());
        Some(words(places[0])? + words(places[1])?)
    }

    fn refusal(self, status: u16) -> Value {
        match self.provider {
            Provider::Anthropic if status == 401 => {
                json!({ "type": "error", "error": { "type": "authentication_error", "message": "invalid x-api-key" } })
            }
            Provider::Anthropic => {
                json!({ "type": "error", "error": { "type": "invalid_request_error", "message": "messages: missing" } })
            }
            Provider::Gemini => {
                json!({ "error": { "code": status, "status": "INVALID_ARGUMENT", "message": "invalid" } })
            }
            Provider::OpenAi => {
                json!({ "error": { "type": "invalid_request_error", "code": "invalid_api_key", "message": "invalid" } })
            }
        }
    }

    fn output(self) -> usize {
        text(self.opinion).split_whitespace().count()
    }

    fn whole(self, input: usize) -> Value {
        let (text, output) = (text(self.opinion), self.output());
        match self.provider {
            Provider::Anthropic => json!({
                "type": "message", "role": "assistant", "content": [{ "type": "text", "text": text }],
                "stop_reason": "end_turn", "usage": { "input_tokens": input, "output_tokens": output },
            }),
            Provider::Gemini => json!({
                "candidates": [{ "content": { "role": "model", "parts": [{ "text": text }] }, "finishReason": "STOP" }],
                "usageMetadata": { "promptTokenCount": input, "candidatesTokenCount": output,
                    "totalTokenCount": input + output },
            }),
            Provider::OpenAi => json!({
                "object": "chat.completion",
                "choices": [{ "index": 0, "message": { "role": "assistant", "content": text }, "finish_reason": "stop" }],
                "usage": { "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output },
            }),
        }
    }

    fn stream(self, input: usize) -> String {
        let words: Vec<_> = text(self.opinion).split_inclusive(' ').collect();
        match self.provider {
            Provider::Anthropic => anthropic_stream(&words, input, self.output()),
            Provider::Gemini => gemini_stream(&words, input, self.output()),
            Provider::OpenAi => openai_stream(&words, input, self.output()),
        }
    }
}

fn anthropic_stream(words: &[&str], input: usize, output: usize) -> String {
    let mut events = vec![
        json!({ "type": "message_start",
            "message": { "content": [], "usage": { "input_tokens": input, "output_tokens": 1 } } }),
        json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
        json!({ "type": "ping" }),
    ];
    let delta = |word: &&str| json!({ "type": "content_block_delta", "delta": { "type": "text_delta", "text": word } });
    events.extend(words.iter().map(delta));
    events.push(json!({ "type": "content_block_stop", "index": 0 }));
    events.push(
        json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn" },
        "usage": { "output_tokens": output } }),
    );
    events.push(json!({ "type": "message_stop" }));
    let named = |event: &Value| {
        format!(
            "event: {}\ndata: {event}\n\n",
            event["type"].as_str().unwrap_or_default()
        )
    };
    events.iter().map(named).collect()
}

fn gemini_stream(words: &[&str], input: usize, output: usize) -> String {
    let part = |(place, word): (usize, &&str)| {
        let is_last = place + 1 == words.len();
        let mut candidate = json!({ "content": { "role": "model", "parts": [{ "text": word }] } });
        if is_last {
            candidate["finishReason"] = json!("STOP");
        }
        let so_far = if is_last { output } else { place + 1 };
        let event = json!({ "candidates": [candidate],
            "usageMetadata": { "promptTokenCount": input, "candidatesTokenCount": so_far } });
        format!("data: {event}\r\n\r\n")
    };
    words.iter().enumerate().map(part).collect()
}

fn openai_stream(words: &[&str], input: usize, output: usize) -> String {
    let mut events: Vec<_> = words
        .iter()
        .map(|word| json!({ "choices": [{ "index": 0, "delta": { "content": word }, "finish_reason": null }], "usage": null }))
        .collect();
    events.push(
        json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }], "usage": null }),
    );
    events.push(
        json!({ "choices": [], "usage": { "prompt_tokens": input, "completion_tokens": output } }),
    );
    let events = events.iter().map(Value::to_string);
    let events = events.chain(["[DONE]".to_owned()]);
    events
        .flat_map(|event| ["data: ".to_owned(), event, "\n\n".to_owned()])
        .collect()
}
