//! One attempt on real sockets, without any protection: what each fault of the network is taken for.

use std::time::Duration;

use wait_or_die::Classify as _;
use wait_or_die::Verdict::{Permanent, Throttled, Transient};
use wait_or_die_example_faults::{Plan, RetryAfter, Server, Step};

use super::{LONGEST_ANSWER, open, whole};
use crate::demo::fakes;
use crate::error::CallError;
use crate::opinion::Opinion;
use crate::provider::Provider::{self, Anthropic, Gemini, OpenAi};
use crate::rig::{Rig, Stalled, member, question};
use crate::transport::Transport;
use crate::usage::{Account, Meter};

async fn served(provider: Provider, plan: Plan) -> Server {
    let application = fakes::service(provider, Opinion::Approve);
    Server::start(application, plan).await.unwrap()
}

async fn attempted(server: &Server, provider: Provider, stream: bool) -> (CallError, Account) {
    let (transport, meter) = (Transport::network().unwrap(), Meter::default());
    let prepared = member(provider, &server.url())
        .prepare(&question(stream))
        .unwrap();
    let error = if stream {
        open(&transport, &prepared, &meter)
            .await
            .map(drop)
            .unwrap_err()
    } else {
        whole(&transport, &prepared, &meter)
            .await
            .map(drop)
            .unwrap_err()
    };
    (error, meter.account())
}

#[tokio::test]
async fn what_each_fault_is_taken_for() {
    let lost = "the connection was lost before an answer: connection reset";
    let half = "the connection was lost in the middle of the answer: unexpected end of file";
    let two = Throttled(Some(Duration::from_secs(2)));
    let not_documented = "not an answer of this service: what it holds is not as documented";
    let long = "not an answer of this service: it is longer than any answer";
    for (step, verdict, text, unknown) in [
        (Step::reset_unread(), Transient, lost, 1),
        (Step::reset(), Transient, lost, 1),
        (Step::reset().after_work(), Transient, lost, 1),
        (
            Step::garbage(),
            Transient,
            "the connection was lost before an answer",
            1,
        ),
        (Step::truncated_transfer(), Transient, half, 1),
        (Step::truncated_json(), Permanent, not_documented, 1),
        (
            Step::redirect_loop(),
            Permanent,
            "307 Temporary Redirect",
            1,
        ),
        (
            Step::retry_after(RetryAfter::Seconds(2)),
            two,
            "429 Too Many Requests",
            0,
        ),
        (Step::long_body(1 << 30), Permanent, long, 1),
        (Step::endless_body(), Permanent, long, 1),
    ] {
        let server = served(Anthropic, Plan::of([step.clone()])).await;
        let (error, account) = attempted(&server, Anthropic, false).await;
        assert_eq!(
            (error.classify(), error.to_string().as_str()),
            (verdict, text),
            "{step:?}"
        );
        assert_eq!(
            (account.attempts, account.unknown),
            (1, unknown),
            "{step:?}"
        );
        assert_eq!(server.count(), 1, "{step:?}");
    }
}

#[tokio::test]
async fn a_service_that_is_not_there_costs_nothing_and_may_come_back() {
    for provider in [Anthropic, Gemini, OpenAi] {
        for stream in [false, true] {
            let server = served(provider, Plan::healthy()).await;
            server.go_down().await;
            let (error, account) = attempted(&server, provider, stream).await;
            let expected = (Transient, "no connection: connection refused".to_owned());
            assert_eq!((error.classify(), error.to_string()), expected);
            assert_eq!(
                (account.attempts, account.unknown, server.count()),
                (1, 0, 0)
            );
        }
    }
}

#[tokio::test]
async fn a_stream_without_end_is_read_to_its_bound() {
    // As one event that never ends, and as an answer that is no stream.
    let endless = axum::Router::new().fallback(|| async {
        let event = "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}\n\n";
        let stream = event.repeat(LONGEST_ANSWER / event.len() + 1);
        ([(http::header::CONTENT_TYPE, "text/event-stream")], stream)
    });
    let server = Server::start(endless, Plan::healthy()).await.unwrap();
    let (transport, meter) = (Transport::network().unwrap(), Meter::default());
    let prepared = member(Anthropic, &server.url())
        .prepare(&question(true))
        .unwrap();
    let mut stream = open(&transport, &prepared, &meter).await.unwrap();
    let error = stream.rest(&|_| ()).await.unwrap_err();
    let why = "not an answer of this service: it is longer than any answer";
    let begins = format!("the stream broke off after it had begun ({why}); ");
    assert!(error.to_string().starts_with(&begins), "{error}");

    let server = served(Anthropic, Plan::of([Step::endless_body()])).await;
    let (error, _) = attempted(&server, Anthropic, true).await;
    assert!(matches!(error, CallError::Malformed(_)));
}

/// A redirect is not followed, so that neither key nor document goes where it says.
#[tokio::test]
async fn the_key_goes_to_its_service_and_nowhere_else() {
    for provider in [Anthropic, Gemini, OpenAi] {
        let other = served(provider, Plan::healthy()).await;
        let target = http::HeaderValue::try_from(other.url()).unwrap();
        let redirect =
            wait_or_die_example_faults::Answer::status(http::StatusCode::PERMANENT_REDIRECT)
                .with_header(http::header::LOCATION, target);
        let server = served(provider, Plan::of([Step::answer(redirect)])).await;
        let (error, _) = attempted(&server, provider, false).await;
        assert_eq!(error.to_string(), "308 Permanent Redirect");
        let (name, scheme) = provider.key_header();
        let sent = server.requests()[0].headers[name].clone();
        assert_eq!(sent, format!("{scheme}{}", fakes::KEY));
        assert_eq!((server.count(), other.count()), (1, 0));
    }
}

/// The findings that matter may be behind the place where it broke off, so that its verdict is none.
#[test]
fn an_answer_that_broke_off_approves_of_nothing() {
    let gemini = r#"{"candidates":[{"content":{"parts":[{"text":"VERDICT: APPROVE\nline 3: the am"}]},"finishReason":"OTHER"}]}"#;
    let open =
        r#"{"candidates":[{"content":{"parts":[{"text":"VERDICT: APPROVE\nline 3: the am"}]}}]}"#;
    let anthropic = |reason: &str| {
        format!(
            r#"{{"content":[{{"type":"text","text":"VERDICT: APPROVE"}}],"stop_reason":{reason}}}"#
        )
    };
    let openai = |reason: &str| {
        format!(
            r#"{{"choices":[{{"message":{{"content":"VERDICT: APPROVE\nline 3: the am"}},"finish_reason":{reason}}}]}}"#
        )
    };
    for (provider, body) in [
        (Gemini, gemini.to_owned()),
        (Gemini, open.to_owned()),
        (Anthropic, anthropic("null")),
        (Anthropic, anthropic("\"pause_turn\"")),
        (OpenAi, openai("null")),
        (OpenAi, openai("\"error\"")),
        (OpenAi, openai("\"insufficient_system_resource\"")),
        (OpenAi, openai("\"abort\"")),
        (OpenAi, openai("\"network_error\"")),
        (OpenAi, openai("\"ERROR\"")),
        (OpenAi, openai("\"\"")),
    ] {
        let meter = Meter::default();
        let judged = || super::judged(provider.message(body.as_bytes()).unwrap(), &meter);
        for verdict in [Throttled(None), Throttled(None), Permanent] {
            let error = judged().unwrap_err();
            assert!(matches!(error, CallError::Useless { .. }), "{body}");
            assert_eq!(error.classify(), verdict, "{body}");
        }
        assert_eq!(meter.account().useless, 3);
    }
}

/// A verdict's line that was cut off may have gone on: `VERDICT: APPROVE with changes` is none.
#[test]
fn a_verdict_that_was_cut_off_in_its_line_is_none() {
    let judged = |text: &str| {
        let message = crate::provider::Message {
            text: text.to_owned(),
            end: crate::provider::End::Cut,
            ..Default::default()
        };
        super::judged(message, &Meter::default())
    };
    for text in [
        "VERDICT: APPROVE",
        "\n\n**VERDICT: REJECT**",
        "VERDICT: APPROVE with changes\nline 3",
        "Well, ",
        "",
    ] {
        let error = judged(text).unwrap_err();
        let expected = "an answer of no use: it reached the limit of tokens before its verdict";
        assert_eq!(
            (error.classify(), error.to_string().as_str()),
            (Permanent, expected),
            "{text:?}"
        );
    }
    for (text, opinion) in [
        ("VERDICT: APPROVE\n", Opinion::Approve),
        ("\nVERDICT: REJECT\r\nline 3: the am", Opinion::Reject),
    ] {
        let answer = judged(text).unwrap();
        assert_eq!((answer.opinion, answer.is_cut), (opinion, true), "{text:?}");
    }
}

/// What a model says instead of an answer would be the same the next time, and cost as much.
#[test]
fn a_refusal_is_not_asked_for_again() {
    let whole =
        r#"{"choices":[{"message":{"content":null,"refusal":"I cannot"},"finish_reason":"stop"}]}"#;
    let message = OpenAi.message(whole.as_bytes()).unwrap();
    let error = super::judged(message, &Meter::default()).unwrap_err();
    assert_eq!(
        (error.classify(), error.to_string().as_str()),
        (
            Permanent,
            "an answer of no use: the service would not answer"
        )
    );
    let mut streamed = crate::provider::Message::default();
    for event in [
        r#"{"choices":[{"delta":{"refusal":"I "},"finish_reason":null}]}"#,
        r#"{"choices":[{"delta":{"refusal":"cannot"},"finish_reason":null}]}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
    ] {
        OpenAi.event(event, &mut streamed).unwrap();
    }
    let error = super::judged(streamed, &Meter::default()).unwrap_err();
    assert_eq!(error.classify(), Permanent);
    let none = r#"{"choices":[{"message":{"content":"VERDICT: APPROVE","refusal":""},"finish_reason":"stop"}]}"#;
    let message = OpenAi.message(none.as_bytes()).unwrap();
    assert!(super::judged(message, &Meter::default()).is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_body_of_an_error_is_not_waited_for_long() {
    let stalls = axum::Router::new().fallback(|| async {
        let body = axum::body::Body::new(Stalled(Some("{\"error\":")));
        (http::StatusCode::UNAUTHORIZED, body)
    });
    let rig = Rig::with(Anthropic, stalls, Plan::healthy());
    let meter = Meter::default();
    let error = whole(&rig.transport, &rig.prepared(false), &meter).await;
    let error = error.unwrap_err();
    let seen = (error.classify(), error.to_string());
    assert_eq!(seen, (Permanent, "401 Unauthorized".to_owned()));
    assert_eq!(rig.elapsed(), super::PATIENCE_WITH_ERRORS);
    assert_eq!((rig.server.count(), meter.account().unknown), (1, 0));
}

#[tokio::test]
async fn a_long_error_is_read_to_its_code() {
    let body = serde_json::json!({ "error": { "message": "x".repeat(100_000), "type": "insufficient_quota" } });
    let server = served(OpenAi, Plan::of([crate::rig::answer(429, &body)])).await;
    let (error, _) = attempted(&server, OpenAi, false).await;
    let expected = "429 Too Many Requests, insufficient_quota";
    assert_eq!(
        (error.classify(), error.to_string().as_str()),
        (Permanent, expected)
    );
}
