//! The same over real sockets and reqwest, where only requests and outcomes are counted.

use std::time::Duration;

use http::StatusCode;
use wait_or_die::settings::{self, BreakerSettings, CallSettings, Settings};
use wait_or_die::testing;
use wait_or_die_example_faults::{Plan, Server, Step};
use wait_or_die_example_notion::fake::{self, FakeNotion};
use wait_or_die_example_notion::{NewPage, Notion, NotionError, Parent, Token};

/// Waits of milliseconds, in the scope that is open.
fn shorten() {
    let call = CallSettings::new()
        .with_initial_wait(Duration::from_millis(1))
        .with_max_wait(Duration::from_millis(5));
    let breaker = BreakerSettings::new().with_failure_threshold(1_000);
    let settings = Settings::new()
        .with_call("notion.validate_token", call)
        .with_call("notion.push_page", call)
        .with_breaker("notion", breaker);
    settings::apply(settings).unwrap();
}

async fn bench(plan: Plan) -> (FakeNotion, Server, Notion) {
    let fake = FakeNotion::new();
    let server = Server::start(fake.router(), plan).await.unwrap();
    let notion = Notion::at(&server.url(), Token::new(fake::TOKEN).unwrap()).unwrap();
    (fake, server, notion)
}

#[tokio::test]
async fn a_body_of_a_gigabyte_is_read_to_the_bound() {
    let _scope = testing::scope(1);
    shorten();
    for step in [Step::long_body(1 << 30), Step::endless_body()] {
        let (_fake, server, notion) = bench(Plan::of(step.times(9))).await;
        let error = notion.validate_token().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the answer is longer than 16777216 bytes"
        );
        assert_eq!(server.count(), 6);
    }
}

#[tokio::test]
async fn whatever_comes_over_the_wire_the_page_is_there_once() {
    let steps = [
        Step::reset(),
        Step::reset().after_work(),
        Step::reset_unread(),
        Step::garbage().after_work(),
        Step::truncated_json(),
        Step::truncated_transfer(),
        Step::wrong_content_type(),
        Step::status(StatusCode::GATEWAY_TIMEOUT).after_work(),
        Step::status(StatusCode::SERVICE_UNAVAILABLE),
    ];
    for seed in 0..40 {
        // Forty outages within a second are more than one retry budget is for.
        let _scope = testing::scope(seed);
        shorten();
        let (fake, server, notion) = bench(Plan::drawn(seed, 10, &steps)).await;
        let page = NewPage::new(
            Parent::Page(fake::PARENT.to_owned()),
            "a",
            "A",
            &"- item\n".repeat(250),
        );
        notion.push_page(&page).await.unwrap();
        let pages = fake.pages();
        let held: Vec<_> = pages.iter().filter(|page| !page.in_trash).collect();
        assert_eq!(held.len(), 1, "seed {seed}: {:?}", server.requests());
        assert_eq!(held[0].blocks.len(), 250, "seed {seed}");
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_takes_no_token_anywhere() {
    let _scope = testing::scope(3);
    let (_fake, server, notion) = bench(Plan::of(Step::redirect_loop().times(9))).await;
    let error = notion.validate_token().await.unwrap_err();
    assert!(
        matches!(
            error,
            NotionError::Answered {
                status: StatusCode::TEMPORARY_REDIRECT,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_refused_connection_is_told_and_tried_again() {
    let _scope = testing::scope(4);
    shorten();
    let (_fake, server, notion) = bench(Plan::healthy()).await;
    server.go_down().await;
    let error = notion.validate_token().await.unwrap_err();
    assert!(
        matches!(&error, NotionError::Transport(error) if error.not_sent),
        "{error:?}"
    );
    assert!(error.to_string().starts_with("cannot connect: "), "{error}");
    server.come_back().await.unwrap();
    assert_eq!(
        notion.validate_token().await.unwrap().name.as_deref(),
        Some("reports")
    );
    assert_eq!(server.count(), 1);
}
