//! Streams: asked for again until their first event, and never after it.

use std::time::Duration;

use axum::Router;
use axum::routing::post;
use http::header;
use wait_or_die::testing;
use wait_or_die_example_faults::{Plan, Step};

use crate::demo::fakes;
use crate::error::CallError;
use crate::opinion::Opinion;
use crate::provider::Provider::{self, Anthropic, Gemini, OpenAi};
use crate::rig::{INPUT, Rig, Stalled};

const ALL: [Provider; 3] = [Anthropic, Gemini, OpenAi];

/// A service that answers each request with the same bytes.
fn says(provider: Provider, stream: &'static str) -> Rig {
    let kind = [(header::CONTENT_TYPE, "text/event-stream")];
    let handler = post(move || async move { (kind, stream) });
    let router = match provider {
        Anthropic => Router::new().route("/v1/messages", handler),
        Gemini => Router::new().route("/v1beta/models/{call}", handler),
        OpenAi => Router::new().route("/chat/completions", handler),
    };
    Rig::with(provider, router, Plan::healthy())
}

#[tokio::test(start_paused = true)]
async fn the_text_is_shown_as_it_comes_and_is_the_answer() {
    for provider in ALL {
        let rig = Rig::new(provider, Plan::healthy());
        let (answer, _, shown) = rig.stream().await;
        let answer = answer.unwrap();
        let expected = (Opinion::Approve, fakes::text(Opinion::Approve));
        assert_eq!((answer.opinion, answer.text.as_str()), expected);
        assert_eq!(shown, answer.text);
        assert_eq!(rig.server.count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_breaks_off_in_its_middle_is_told_with_what_arrived_and_not_asked_again() {
    for provider in ALL {
        let rig = Rig::new(provider, Plan::of([Step::truncated_transfer()]));
        let (answer, account, shown) = rig.stream().await;
        let Err((CallError::Broken { arrived: bytes, .. }, Some(arrived))) = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(rig.server.count(), 1, "{provider:?}");
        assert!(bytes > 0 && fakes::text(Opinion::Approve).starts_with(&arrived));
        assert_eq!((bytes, shown), (arrived.len(), arrived));
        // OpenAI tells the cost with the last event alone.
        let known = if provider == OpenAi { 0 } else { INPUT };
        let lost = (account.attempts, account.unknown, account.lost.input);
        assert_eq!(lost, (1, 1, known));
    }
}

#[cfg(feature = "resilience")]
#[tokio::test(start_paused = true)]
async fn what_fails_before_its_first_event_is_asked_for_again() {
    for provider in ALL {
        let plan = Plan::of([crate::rig::status(503), Step::reset(), Step::hang()]);
        let rig = Rig::new(provider, plan);
        let (answer, account, _) = rig.stream().await;
        assert!(answer.is_ok());
        let counts = (rig.server.count(), account.attempts, account.unknown);
        assert_eq!(counts, (4, 4, 3));
        let last = rig.server.requests()[3].at;
        let expected = Duration::from_secs(100)..Duration::from_secs(108);
        assert!(expected.contains(&last), "{last:?}");
    }
}

#[cfg(feature = "resilience")]
#[tokio::test(start_paused = true)]
async fn an_error_in_place_of_the_first_event_is_one_before_it() {
    use wait_or_die::settings::{self, CallSettings, Settings};
    for (provider, stream) in [
        (
            Anthropic,
            "event: ping\ndata: {\"type\":\"ping\"}\n\nevent: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n",
        ),
        (
            Gemini,
            "data: {\"error\":{\"code\":503,\"status\":\"UNAVAILABLE\"}}\r\n\r\n",
        ),
        (Gemini, "[{\n  \"error\": {\n    \"code\": 503\n  }\n}\n]"),
        (
            OpenAi,
            ": keep-alive\n\ndata: {\"error\":{\"type\":\"server_error\"}}\n\n",
        ),
        (OpenAi, ""),
    ] {
        let _scope = testing::scope(3);
        let rig = says(provider, stream);
        let three = CallSettings::new().with_max_retries(3);
        let name = format!("{}.open", provider.name());
        settings::apply(Settings::new().with_call(name, three)).unwrap();
        let (answer, ..) = rig.stream().await;
        let Err((CallError::Answered { .. } | CallError::Lost { .. }, None)) = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(rig.server.count(), 4, "{stream}");
    }
}

/// Pings count as life, silence does not; how long the whole may take is another bound.
#[tokio::test(start_paused = true)]
async fn one_that_falls_silent_is_given_up_a_minute_later() {
    const BEGUN: &str = "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"VERDICT: APP\"}}\n\n";
    let kind = [(header::CONTENT_TYPE, "text/event-stream")];
    let silent = Router::new()
        .fallback(move || async move { (kind, axum::body::Body::new(Stalled(Some(BEGUN)))) });
    let _scope = testing::scope(3);
    let rig = Rig::with(Anthropic, silent, Plan::healthy());
    let (answer, account, shown) = rig.stream().await;
    let Err((error, Some(arrived))) = answer else {
        panic!("{answer:?}");
    };
    let told = "the stream broke off after it had begun (nothing came for 60 s); 12 bytes of the answer had arrived";
    assert_eq!((error.to_string().as_str(), arrived), (told, shown));
    assert_eq!(rig.elapsed(), Duration::from_secs(60));
    assert_eq!((rig.server.count(), account.unknown), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn an_error_after_the_first_event_breaks_it_off() {
    const EVENT: &str = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"VERDICT: APP\"}]}}],\"usageMetadata\":{\"promptTokenCount\":9}}\n\ndata: {\"error\":{\"code\":503,\"status\":\"UNAVAILABLE\"}}\n\n";
    // As Gemini does when it sheds load: JSON that is no event at all, behind the last one.
    const TAIL: &str = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"VERDICT: APP\"}]}}],\"usageMetadata\":{\"promptTokenCount\":9}}\n\n{\n  \"error\": {\n    \"code\": 503,\n    \"status\": \"UNAVAILABLE\"\n  }\n}";
    const SILENCE: &str = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"VERDICT: APP\"}]}}],\"usageMetadata\":{\"promptTokenCount\":9}}\n\n";
    for (stream, why) in [
        (EVENT, "503 Service Unavailable, UNAVAILABLE"),
        (TAIL, "503 Service Unavailable, UNAVAILABLE"),
        (SILENCE, "it ended in the middle"),
    ] {
        let _scope = testing::scope(3);
        let rig = says(Gemini, stream);
        let (answer, account, _) = rig.stream().await;
        let Err((error, Some(arrived))) = answer else {
            panic!("{answer:?}");
        };
        let told = format!(
            "the stream broke off after it had begun ({why}); 12 bytes of the answer had arrived"
        );
        assert_eq!(
            (error.to_string(), arrived.as_str()),
            (told, "VERDICT: APP")
        );
        let counts = (rig.server.count(), account.lost.input, account.unknown);
        assert_eq!(counts, (1, 9, 1));
    }
}

#[cfg(feature = "resilience")]
#[tokio::test(start_paused = true)]
async fn a_stream_that_drags_on_is_given_up_after_300_s_with_what_arrived() {
    // A piece of it every 55 s; the first one has the first event in it.
    let slow = Step::slow_body(Duration::from_secs(440));
    let rig = Rig::new(Anthropic, Plan::of([slow]));
    let (answer, account, shown) = rig.stream().await;
    let Err((CallError::Died(wait_or_die::Error::TimedOut(_)), Some(arrived))) = answer else {
        panic!("{answer:?}");
    };
    assert!(fakes::text(Opinion::Approve).starts_with(&arrived));
    assert_eq!((shown, rig.server.count()), (arrived, 1));
    assert_eq!((account.attempts, account.unknown), (1, 1));
    assert_eq!(rig.elapsed().as_secs(), 355);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_no_stream_is_none() {
    for provider in ALL {
        let rig = Rig::new(provider, Plan::of([Step::wrong_content_type()]));
        let (answer, ..) = rig.stream().await;
        let Err((CallError::Malformed(_), None)) = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(rig.server.count(), 1);
    }
}
