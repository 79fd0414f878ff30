//! What Notion, or what stands before it, answers, and what is made of it.

mod common;

use common::{Bench, assert_one_page, entry, report, told};
use http::header::{HeaderName, HeaderValue};
use http::{Method, StatusCode};
use wait_or_die::testing;
use wait_or_die_example_faults::{Answer, Plan, Step};
use wait_or_die_example_notion::NotionError;
use wait_or_die_example_notion::fake::{FakeNotion, TOKEN};

fn answer(status: u16, body: impl Into<String>) -> Answer {
    Answer::status(StatusCode::from_u16(status).unwrap()).with_body(body.into())
}

/// Instead of the first creation.
fn on_creation(answer: Answer) -> Step {
    Step::answer(answer).on(Method::POST, "/v1/pages")
}

async fn refused(answer: Answer) -> (String, NotionError) {
    let bench = Bench::new(Plan::of([on_creation(answer)]));
    let error = bench.notion.push_page(&report(1)).await.unwrap_err();
    (bench.requests(), error)
}

#[tokio::test(start_paused = true)]
async fn only_a_conflict_that_notion_took_back_is_sent_again() {
    let _scope = testing::scope(1);
    let (requests, error) = refused(told(409, "page_conflict")).await;
    assert_eq!(
        (requests.as_str(), error.to_string().as_str()),
        ("fc", "Notion answered 409 page_conflict: no")
    );
    let told_not_to = told(409, "conflict_error").with_header(
        HeaderName::from_static("x-should-retry"),
        HeaderValue::from_static("false"),
    );
    assert_eq!(refused(told_not_to).await.0, "fc");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_is_not_notions_says_nothing_about_what_was_done() {
    for status in [529, 408] {
        let _scope = testing::scope(2);
        let step = on_creation(answer(status, "")).after_work();
        let bench = Bench::new(Plan::of([step]));
        bench.notion.push_page(&report(1)).await.unwrap();
        assert_eq!(bench.requests(), "fcfl", "{status}");
        assert_one_page(&bench, 1);
    }
    // A proxy that refuses for good ends the push, and the next one knows of the creation.
    let _scope = testing::scope(2);
    let step = on_creation(answer(403, "<html>")).after_work();
    let bench = Bench::with(
        FakeNotion::late_by(std::time::Duration::from_secs(1)),
        Plan::of([step]),
    );
    bench.notion.push_page(&report(1)).await.unwrap_err();
    bench.notion.push_page(&report(1)).await.unwrap();
    assert_eq!(bench.requests(), "fcffl");
    assert_one_page(&bench, 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_sent_back_is_not_shown() {
    let _scope = testing::scope(3);
    for body in [
        format!(r#"{{"code":"{TOKEN}","message":"bad token {TOKEN}!"}}"#),
        format!(r#"{{"code":"unauthorized","message":"Bearer {TOKEN}"}}"#),
    ] {
        let (_, error) = refused(answer(400, body)).await;
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains(TOKEN) && shown.contains("[token]"),
            "{shown}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_leads_back_to_itself_is_not_followed() {
    let _scope = testing::scope(4);
    let same = answer(
        200,
        r#"{"results":[],"has_more":true,"next_cursor":"again"}"#,
    );
    let bench = Bench::new(Plan::of(Step::answer(same).times(99)));
    let error = bench.notion.push_page(&report(1)).await.unwrap_err();
    assert!(matches!(error, NotionError::Unexpected(_)), "{error:?}");
    assert_eq!(bench.requests(), "ff");
}

#[tokio::test(start_paused = true)]
async fn a_parent_with_too_many_blocks_is_told_and_not_read_for_ever() {
    let _scope = testing::scope(5);
    // A part of a list with so many elements, and another one behind it.
    let part = |number: usize, elements: usize| {
        let elements = vec!["{}"; elements].join(",");
        let body =
            format!(r#"{{"results":[{elements}],"has_more":true,"next_cursor":"c{number}"}}"#);
        Step::answer(answer(200, body))
    };
    for (elements, requests) in [(100, 101), (0, 10_001)] {
        let bench = Bench::new(Plan::of((0..10_002).map(|number| part(number, elements))));
        let error = bench.notion.push_page(&report(1)).await.unwrap_err();
        assert!(matches!(error, NotionError::TooMany(10_000)), "{error:?}");
        assert_eq!(bench.requests().len(), requests);
    }
}

#[tokio::test(start_paused = true)]
async fn every_page_that_a_query_finds_is_looked_at() {
    let _scope = testing::scope(6);
    let bench = Bench::new(Plan::healthy());
    let page = entry(1, None);
    let first = bench.notion.push_page(&page).await.unwrap();
    for _ in 0..150 {
        bench.fake.duplicate(&first.page);
    }
    let second = bench.notion.push_page(&page).await.unwrap();
    assert_eq!(bench.requests(), "fcffml");
    assert_eq!((second.page, second.trashed), (first.page, 0));
}
