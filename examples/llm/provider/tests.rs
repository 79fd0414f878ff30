use serde_json::{Value, json};

use super::Provider::{Anthropic, Gemini, OpenAi};
use super::{End, Event, Malformed, Message, Provider, Question};
use crate::demo::fakes;
use crate::opinion::Opinion;
use crate::sse::Parser;
use crate::usage::Tokens;

const QUESTION: Question<'_> = Question {
    model: "m-1",
    task: "do",
    document: "this",
    max_tokens: 9,
    stream: false,
};

const STREAM: Question<'_> = Question {
    stream: true,
    ..QUESTION
};

const fn tokens(input: u64, output: u64) -> Tokens {
    Tokens { input, output }
}

fn message(provider: Provider, body: &Value) -> Message {
    provider.message(body.to_string().as_bytes()).unwrap()
}

fn of(text: &str, tokens: impl Into<Option<Tokens>>, end: End) -> Message {
    Message {
        text: text.to_owned(),
        tokens: tokens.into(),
        end,
        ..Message::default()
    }
}

#[test]
fn what_is_asked() {
    let anthropic = json!({ "model": "m-1", "max_tokens": 9, "stream": false, "system": "do",
        "messages": [{ "role": "user", "content": "this" }] });
    assert_eq!(
        (
            Anthropic.path(&QUESTION).as_str(),
            Anthropic.body(&QUESTION)
        ),
        ("/v1/messages", anthropic)
    );

    let gemini = json!({ "systemInstruction": { "parts": [{ "text": "do" }] },
        "contents": [{ "role": "user", "parts": [{ "text": "this" }] }],
        "generationConfig": { "maxOutputTokens": 9 } });
    let path = "/v1beta/models/m-1:generateContent";
    assert_eq!(
        (Gemini.path(&QUESTION).as_str(), Gemini.body(&QUESTION)),
        (path, gemini.clone())
    );
    let path = "/v1beta/models/m-1:streamGenerateContent?alt=sse";
    assert_eq!(
        (Gemini.path(&STREAM).as_str(), Gemini.body(&STREAM)),
        (path, gemini)
    );

    let messages =
        json!([{ "role": "system", "content": "do" }, { "role": "user", "content": "this" }]);
    let mut openai = json!({ "model": "m-1", "max_completion_tokens": 9, "stream": false, "messages": messages });
    assert_eq!(
        (OpenAi.path(&QUESTION).as_str(), OpenAi.body(&QUESTION)),
        ("/chat/completions", openai.clone())
    );
    openai["stream"] = json!(true);
    openai["stream_options"] = json!({ "include_usage": true });
    assert_eq!(OpenAi.body(&STREAM), openai);
}

#[test]
fn answers_of_anthropic() {
    let body = json!({ "id": "msg_1", "type": "message", "role": "assistant", "model": "m-1",
        "content": [{ "type": "thinking", "thinking": "hm", "signature": "s" }, { "type": "text", "text": "VERDICT:" },
            { "type": "text", "text": " APPROVE" }],
        "stop_reason": "end_turn", "stop_sequence": null,
        "usage": { "input_tokens": 10, "cache_creation_input_tokens": 200, "cache_read_input_tokens": 3000,
            "output_tokens": 7 } });
    assert_eq!(
        message(Anthropic, &body),
        of("VERDICT: APPROVE", tokens(3210, 7), End::Whole)
    );
    for (reason, end) in [
        ("max_tokens", End::Cut),
        ("model_context_window_exceeded", End::Cut),
        ("refusal", End::Refused),
        ("stop_sequence", End::Whole),
    ] {
        let body = json!({ "content": [], "stop_reason": reason });
        assert_eq!(message(Anthropic, &body), of("", None, end));
    }
}

#[test]
fn answers_of_gemini() {
    let body = json!({ "candidates": [{ "content": { "role": "model",
            "parts": [{ "text": "hm", "thought": true }, { "text": "VERDICT: " }, { "text": "REJECT" }] },
            "finishReason": "STOP", "index": 0 }],
        "usageMetadata": { "promptTokenCount": 100, "cachedContentTokenCount": 64, "toolUsePromptTokenCount": 5,
            "candidatesTokenCount": 20, "thoughtsTokenCount": 300, "totalTokenCount": 425 },
        "modelVersion": "m-1", "responseId": "r" });
    let read = message(Gemini, &body);
    assert_eq!(read, of("VERDICT: REJECT", tokens(105, 320), End::Whole));
    // Gemini's own sum.
    assert_eq!(read.tokens.unwrap().total(), 425);

    let blocked = json!({ "promptFeedback": { "blockReason": "SAFETY" }, "usageMetadata": { "promptTokenCount": 9 } });
    assert_eq!(
        message(Gemini, &blocked),
        of("", tokens(9, 0), End::Refused)
    );
    for (reason, end) in [
        ("MAX_TOKENS", End::Cut),
        ("PROHIBITED_CONTENT", End::Refused),
        ("OTHER", End::Failed),
        ("MALFORMED_RESPONSE", End::Failed),
    ] {
        let body = json!({ "candidates": [{ "finishReason": reason }] });
        assert_eq!(message(Gemini, &body), of("", None, end));
    }
}

#[test]
fn answers_of_openai() {
    let body = json!({ "id": "c", "object": "chat.completion", "choices": [{ "index": 0,
            "message": { "role": "assistant", "content": "VERDICT: APPROVE", "refusal": null }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 40, "completion_tokens": 60, "total_tokens": 100,
            "completion_tokens_details": { "reasoning_tokens": 50 } } });
    assert_eq!(
        message(OpenAi, &body),
        of("VERDICT: APPROVE", tokens(40, 60), End::Whole)
    );
    for (reason, end) in [
        ("length", End::Cut),
        ("max_tokens", End::Cut),
        ("content_filter", End::Refused),
        ("tool_calls", End::Failed),
        ("of_tomorrow", End::Failed),
    ] {
        let body =
            json!({ "choices": [{ "message": { "content": null }, "finish_reason": reason }] });
        assert_eq!(message(OpenAi, &body), of("", None, end));
    }
}

#[test]
fn what_is_no_answer_is_refused() {
    for provider in [Anthropic, Gemini, OpenAi] {
        for body in [
            "",
            "<html>",
            "{",
            "[]",
            "null",
            "{}",
            r#""kolibri""#,
            r#"{"content":7,"candidates":7,"choices":7}"#,
        ] {
            assert_eq!(
                provider.message(body.as_bytes()),
                Err(Malformed),
                "{provider:?} {body}"
            );
        }
        let mut message = Message::default();
        assert_eq!(
            provider.event("kolibri", &mut message),
            Err(Malformed),
            "{provider:?}"
        );
    }
}

/// Reads a stream: what each event was, and the message, without what is kept only until its end.
fn streamed(provider: Provider, stream: &str) -> (Vec<Event>, Message) {
    let mut parser = Parser::new(1 << 20);
    parser.feed(stream.as_bytes());
    let (mut events, mut message) = (Vec::new(), Message::default());
    while let Some(data) = parser.next_event().unwrap() {
        events.push(provider.event(&data, &mut message).unwrap());
    }
    (events, of(&message.text, message.tokens, message.end))
}

#[test]
fn a_stream_of_anthropic() {
    let stream = r#"event: message_start
data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"m","stop_reason":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":200,"cache_read_input_tokens":3000,"output_tokens":1}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}

event: ping
data: {"type": "ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"VERDICT:"}}

event: of_tomorrow
data: {"type":"of_tomorrow","more":[]}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":" APPROVE"}}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":10,"cache_read_input_tokens":null,"output_tokens":89}}

event: message_stop
data: {"type":"message_stop"}

"#;
    let (events, message) = streamed(Anthropic, stream);
    let pings = events.iter().filter(|event| **event == Event::Ping);
    assert_eq!((events.len(), pings.count()), (10, 2));
    assert_eq!(events.last(), Some(&Event::Done));
    assert_eq!(
        message,
        of("VERDICT: APPROVE", tokens(3210, 89), End::Whole)
    );
}

#[test]
fn errors_in_the_middle_of_streams_are_seen() {
    for (provider, data, status, code) in [
        (
            Anthropic,
            r#"{"type":"error","error":{"type":"overloaded_error","message":"m"}}"#,
            529,
            Some("overloaded_error"),
        ),
        (
            Gemini,
            r#"{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}"#,
            503,
            Some("UNAVAILABLE"),
        ),
        (
            OpenAi,
            r#"{"error":{"message":"m","type":"server_error","param":null,"code":null}}"#,
            500,
            Some("server_error"),
        ),
        (OpenAi, r#"{"error":{"message":"m"}}"#, 500, None),
    ] {
        let event = provider.event(data, &mut Message::default());
        let Ok(Event::Failed(told)) = event else {
            panic!("{event:?}");
        };
        assert_eq!(
            (told.status().as_u16(), told.code().map(|code| code.0)),
            (status, code)
        );
    }
}

#[test]
fn a_stream_of_gemini_ends_with_a_reason_and_nothing_else_does() {
    let part = r#"{"candidates":[{"content":{"parts":[{"text":"VERDICT: "}],"role":"model"}}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":1}}"#;
    let mut message = Message::default();
    assert_eq!(Gemini.event(part, &mut message), Ok(Event::Part));
    assert!(!Gemini.may_end(&message));
    // As proxies have been seen to send it: the reason before the last text.
    let early = r#"{"candidates":[{"content":{"parts":[]},"finishReason":"STOP"}]}"#;
    assert_eq!(Gemini.event(early, &mut message), Ok(Event::Part));
    let last = r#"{"candidates":[{"content":{"parts":[{"text":"REJECT"}]}}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":4,"thoughtsTokenCount":6}}"#;
    assert_eq!(Gemini.event(last, &mut message), Ok(Event::Part));
    assert!(Gemini.may_end(&message));
    for provider in [Anthropic, OpenAi] {
        assert!(!provider.may_end(&message), "they have a last event");
    }
    assert_eq!(message, of("VERDICT: REJECT", tokens(9, 10), End::Whole));
}

#[test]
fn a_stream_of_openai() {
    let stream = r#"data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

data: {"id":"c","choices":[{"index":0,"delta":{"content":"VERDICT: REJECT"},"finish_reason":null}],"usage":null}

data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}

data: {"id":"c","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14}}

data: [DONE]

"#;
    let (events, message) = streamed(OpenAi, stream);
    assert_eq!((events.len(), events.last()), (5, Some(&Event::Done)));
    assert_eq!(message, of("VERDICT: REJECT", tokens(11, 3), End::Whole));
}

/// The services of the demonstration speak as the real ones do, as far as these readers can tell.
#[tokio::test]
async fn the_fakes_can_be_read() {
    use wait_or_die_example_faults::{Plan, Server};
    for provider in [Anthropic, Gemini, OpenAi] {
        for stream in [false, true] {
            let server = Server::start(fakes::service(provider, Opinion::Reject), Plan::healthy())
                .await
                .unwrap();
            let member = crate::member::Member {
                provider,
                url: server.url().parse().unwrap(),
                model: "m-1".to_owned(),
                key: Some(wait_or_die::redact::Redacted::from(fakes::KEY.to_owned())),
            };
            let question = Question { stream, ..QUESTION };
            let request = member.prepare(&question).unwrap().request().unwrap();
            let transport = crate::transport::Transport::network().unwrap();
            let response = transport.send(request).await.unwrap();
            let body = crate::error::read_bounded(response, 1 << 20).await.unwrap();
            let message = if stream {
                streamed(provider, std::str::from_utf8(&body).unwrap()).1
            } else {
                provider.message(&body).unwrap()
            };
            let text = fakes::text(Opinion::Reject);
            // The two words that are asked, and those of the answer.
            assert_eq!(
                message,
                of(text, tokens(2, 15), End::Whole),
                "{provider:?} {stream}"
            );
        }
    }
}
