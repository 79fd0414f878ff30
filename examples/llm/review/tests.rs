//! The gate, and that nothing of the document or of a key is told.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use tracing_subscriber::layer::SubscriberExt as _;
use wait_or_die_example_faults::{Answer as Told, Plan, Server, Step};

use super::{Gate, Options, Review, report, review};
use crate::attempt::Answer;
use crate::demo::fakes;
use crate::error::CallError;
use crate::events::Events;
use crate::opinion::Opinion::{self, Approve, Reject};
use crate::provider::Provider::{self, Anthropic, Gemini, OpenAi};
use crate::render::paper::Paper;
use crate::rig::member;
use crate::transport::Transport;
use crate::usage::Account;

fn reviewed(provider: Provider, opinion: Option<Opinion>) -> Review {
    let answer = |opinion| Answer {
        opinion,
        text: fakes::text(opinion).to_owned(),
        is_cut: false,
    };
    Review {
        provider,
        outcome: opinion.map(answer).ok_or(CallError::Asking("a test")),
        is_shown: false,
        arrived: None,
        account: Account::default(),
        took: Duration::from_secs(2),
    }
}

#[test]
fn what_the_reviews_come_to() {
    for (opinions, gate, last) in [
        (
            &[Some(Approve), Some(Approve)][..],
            Gate::Approved,
            "approved by 2 of 2",
        ),
        (&[Some(Approve), Some(Reject)], Gate::Rejected, "rejected"),
        (
            &[Some(Reject), None],
            Gate::Rejected,
            "rejected; without gemini",
        ),
        (
            &[None, Some(Approve)],
            Gate::Incomplete,
            "approved by 1 of 2 only: without anthropic",
        ),
        (
            &[None, None],
            Gate::Unavailable,
            "not reviewed: no answer from anthropic, gemini",
        ),
        (
            &[Some(Approve), Some(Approve), None],
            Gate::Incomplete,
            "approved by 2 of 3 only: without openai",
        ),
        (&[Some(Approve)], Gate::Approved, "approved by 1 of 1"),
    ] {
        let providers = [Anthropic, Gemini, OpenAi].into_iter();
        let reviews: Vec<_> = providers
            .zip(opinions)
            .map(|(provider, opinion)| reviewed(provider, *opinion))
            .collect();
        let paper = Paper::default();
        assert_eq!(report(&reviews, &paper.screen()), gate);
        assert_eq!(paper.text().lines().last(), Some(last));
    }
}

#[test]
fn what_is_told_of_each() {
    let mut broken = reviewed(Gemini, None);
    broken.arrived = Some("VERDICT: APP".to_owned());
    let paper = Paper::default();
    report(
        &[reviewed(Anthropic, Some(Approve)), broken],
        &paper.screen(),
    );
    let expected = "\
== anthropic: approve after 2.0 s
VERDICT: APPROVE
line 2: the unit of the wait is missing

== gemini: no review after 2.0 s: cannot be asked: a test
what had arrived:
VERDICT: APP

";
    assert!(paper.text().starts_with(expected), "{}", paper.text());
}

const OPTIONS: Options = Options {
    max_tokens: 9,
    stream: false,
};

/// Two services at once, in time that stands still while nothing happens.
#[cfg(feature = "resilience")]
#[tokio::test(start_paused = true)]
async fn one_that_is_down_holds_up_nobody_and_is_told() {
    use crate::usage::Tokens;
    use std::sync::Arc;
    let _scope = wait_or_die::testing::scope(5);
    // Both are behind one connection, so a path tells them apart.
    let both = fakes::service(Anthropic, Approve).merge(fakes::service(Gemini, Approve));
    let down = Plan::healthy().outage_between(
        Duration::ZERO..Duration::from_secs(3600),
        Step::status(StatusCode::BAD_GATEWAY).on_path("/v1beta/*"),
    );
    let server = Arc::new(Server::in_memory(both, down));
    let members = [
        member(Gemini, &server.url()),
        member(Anthropic, &server.url()),
    ];
    let paper = Paper::default();
    let transport = Transport::Memory(Arc::clone(&server));
    let reviews = review(&transport, &members, "a document", OPTIONS, &paper.screen()).await;
    // In the order in which they were named, whoever is first.
    assert_eq!(
        (reviews[0].provider, reviews[1].provider),
        (Gemini, Anthropic)
    );
    assert!(reviews[0].took > Duration::from_secs(200) && reviews[1].took < Duration::from_secs(1));
    assert_eq!(report(&reviews, &paper.screen()), Gate::Incomplete);
    let account = reviews[0].account;
    let asked = server
        .requests()
        .iter()
        .filter(|request| request.path().starts_with("/v1beta"))
        .count();
    assert_eq!(
        (asked, account.unknown as usize, account.tokens()),
        (account.attempts as usize, asked, Tokens::default())
    );
    assert_eq!(server.count(), asked + 1);
}

#[tokio::test]
async fn without_a_key_a_service_is_not_asked_and_the_others_are() {
    let _scope = wait_or_die::testing::scope(5);
    let server = Server::start(fakes::service(Gemini, Approve), Plan::healthy())
        .await
        .unwrap();
    let mut locked = member(Anthropic, &server.url());
    locked.key = None;
    let members = [locked, member(Gemini, &server.url())];
    let paper = Paper::default();
    let transport = Transport::network().unwrap();
    let reviews = review(&transport, &members, "a document", OPTIONS, &paper.screen()).await;
    assert_eq!(report(&reviews, &paper.screen()), Gate::Incomplete);
    assert!(
        paper.text().contains(
            "== anthropic: no review after 0.0 s: cannot be asked: there is no key for it"
        )
    );
    assert_eq!(server.count(), 1);
}

/// Every service quotes the document wherever it can, and each kind of failure is told somewhere.
#[tokio::test]
async fn no_word_of_the_document_and_no_key_is_told() {
    const CANARY: &str = "kolibri-9731";
    // While there is one subscriber alone, tracing asks that of whichever thread comes first whether an event is wanted;
    // the tests beside this one have none, and would switch it off for all.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    for step in echoes(CANARY) {
        for stream in [false, true] {
            let scope = wait_or_die::testing::scope(5);
            let log = Paper::default();
            let paper = Paper::default();
            let all = tracing_subscriber::fmt::layer()
                .with_writer({
                    let log = log.clone();
                    move || log.clone()
                })
                .with_ansi(false);
            let subscriber = tracing_subscriber::registry()
                .with(Events::new(paper.screen()))
                .with(all);
            let listening = tracing::subscriber::set_default(subscriber);
            let server =
                Server::start(fakes::service(Anthropic, Approve), Plan::of([step.clone()]))
                    .await
                    .unwrap();
            let transport = Transport::network().unwrap();
            let document = format!("our secret is {CANARY}");
            let members = [member(Anthropic, &server.url())];
            let options = Options { stream, ..OPTIONS };
            let reviews = review(&transport, &members, &document, options, &paper.screen()).await;
            report(&reviews, &paper.screen());
            drop(listening);
            drop(scope);
            let sent = String::from_utf8(server.requests()[0].body.to_vec()).unwrap();
            assert!(sent.contains(CANARY), "the document was not even sent");
            let is_logged = log.text().contains(" wait_or_die: ");
            assert_eq!(is_logged, cfg!(feature = "resilience"), "{step:?}");
            let told = format!("{}{}{reviews:?}{members:?}", log.text(), paper.text());
            assert!(!told.contains(CANARY), "{step:?}:\n{told}");
            assert!(!told.contains(fakes::KEY), "{step:?}:\n{told}");
        }
    }
}

/// Failures that hold the document, as errors, as answers that make no sense, and as headers.
fn echoes(canary: &'static str) -> Vec<Step> {
    let error = json!({ "type": "error", "error": { "type": canary, "code": canary, "status": canary, "message": canary,
        "details": { "error_code": canary } }, "request_id": canary });
    let answered = |status: u16, body: String| {
        let id = http::HeaderValue::from_static(canary);
        let answer = Told::status(StatusCode::from_u16(status).unwrap());
        Step::answer(
            answer
                .with_header(http::HeaderName::from_static("request-id"), id)
                .with_body(body),
        )
    };
    let vague = json!({ "content": [{ "type": "text", "text": "" }], "stop_reason": canary, "usage": null });
    let wrong = json!({ "content": canary, "usage": canary });
    vec![
        answered(400, error.to_string()),
        answered(429, error.to_string()),
        answered(500, canary.to_owned()),
        answered(200, error.to_string()),
        answered(200, wrong.to_string()),
        answered(200, vague.to_string()),
        answered(200, canary.to_owned()),
        Step::reset(),
        Step::redirect_loop(),
        Step::garbage(),
    ]
}
