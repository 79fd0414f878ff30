//! A push makes one page, whatever answers are lost on the way: exact counts of requests.

mod common;

use std::time::Duration;

use common::{Bench, assert_one_page, entry, failed, lost, refusal, report};
use http::{Method, StatusCode};
use serde_json::{Map, Value};
use wait_or_die::testing;
use wait_or_die_example_faults::{Plan, RetryAfter, Step};
use wait_or_die_example_notion::fake::{FakeNotion, PARENT};
use wait_or_die_example_notion::{NewPage, NotionError, Parent};

/// So many seconds, and what the runtime adds to waits that were asked for: up to a second each.
fn assert_waited(elapsed: Duration, seconds: u64) {
    let waited = Duration::from_secs(seconds)..Duration::from_secs(seconds + 3);
    assert!(waited.contains(&elapsed), "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_push_looks_creates_and_appends_a_hundred_blocks_at_a_time() {
    for (paragraphs, requests) in [
        (0, "fc"),
        (1, "fc"),
        (100, "fc"),
        (101, "fca"),
        (250, "fcaa"),
        (1_000, "fcaaaaaaaaa"),
    ] {
        let _scope = testing::scope(1);
        let bench = Bench::new(Plan::healthy());
        let pushed = bench.notion.push_page(&report(paragraphs)).await.unwrap();
        assert_eq!(bench.requests(), requests);
        assert_one_page(&bench, paragraphs);
        assert_eq!(
            (pushed.created, pushed.blocks, pushed.trashed),
            (true, paragraphs, 0)
        );
        assert_eq!(pushed.page, bench.pages()[0].id);
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_push_of_the_same_report_finds_the_page_and_leaves_it() {
    let _scope = testing::scope(1);
    let bench = Bench::new(Plan::healthy());
    for page in [
        report(250),
        entry(250, None),
        entry(250, Some("External ID")),
    ] {
        let first = bench.notion.push_page(&page).await.unwrap();
        let before = bench.requests().len();
        let second = bench.notion.push_page(&page).await.unwrap();
        assert_eq!(bench.requests()[before..], *"flll");
        assert_eq!((second.page, second.created), (first.page, false));
    }
    assert_eq!(bench.pages().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_title_tells_the_id_unless_a_property_holds_it() {
    let _scope = testing::scope(1);
    let bench = Bench::new(Plan::healthy());
    let (marked, held) = (entry(1, None), entry(1, Some("External ID")));
    bench.notion.push_page(&marked).await.unwrap();
    bench.notion.push_page(&held).await.unwrap();
    let pages = bench.pages();
    assert_eq!(
        pages[0].title,
        format!("Nightly{}", marked.external_id().mark())
    );
    assert_eq!(pages[1].title, "Nightly");
    let property = &pages[1].properties["External ID"]["rich_text"][0]["text"]["content"];
    assert_eq!(property, held.external_id().as_str());
}

#[tokio::test(start_paused = true)]
async fn a_creation_whose_answer_is_lost_is_found_and_not_repeated() {
    for step in [
        Step::reset().after_work(),
        Step::hang().after_work(),
        Step::status(StatusCode::REQUEST_TIMEOUT).after_work(),
        Step::status(StatusCode::BAD_GATEWAY).after_work(),
        Step::status(StatusCode::GATEWAY_TIMEOUT).after_work(),
        Step::truncated_json(),
        Step::truncated_transfer(),
        Step::wrong_content_type(),
        Step::garbage().after_work(),
    ] {
        let _scope = testing::scope(2);
        let bench = Bench::new(Plan::of([step.clone().on(Method::POST, "/v1/pages")]));
        let pushed = bench.notion.push_page(&report(150)).await.unwrap();
        assert_eq!(bench.requests(), "fcfla", "{step:?}");
        assert_one_page(&bench, 150);
        assert!(pushed.created, "by this call");
    }
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_notion_refused_is_sent_again_after_one_look() {
    for step in [
        Step::retry_after(RetryAfter::Seconds(3)),
        refusal(529, "service_overload"),
        refusal(409, "conflict_error"),
    ] {
        let _scope = testing::scope(2);
        let bench = Bench::new(Plan::of([step.clone().on(Method::POST, "/v1/pages")]));
        bench.notion.push_page(&report(1)).await.unwrap();
        assert_eq!(bench.requests(), "fcfc", "{step:?}");
        assert_one_page(&bench, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_did_not_arrive_is_sent_again_when_it_can_no_longer_be_carried_out() {
    let scope = testing::scope(3);
    let bench = Bench::new(Plan::of([Step::reset().on_method(Method::POST)]));
    let pushed = bench.notion.push_page(&report(1)).await.unwrap();
    // Looked up at once, after 2 s, and when Notion has given up; and at the end, in case that one was not to be seen.
    assert_eq!(bench.requests(), "fcfffcf");
    assert_one_page(&bench, 1);
    assert_eq!((pushed.created, pushed.trashed), (true, 0));
    assert_waited(scope.elapsed(), 80);
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_notion_has_failed_at_is_looked_up_and_sent_again() {
    let scope = testing::scope(3);
    let failed = failed().on_method(Method::POST);
    let bench = Bench::new(Plan::of([failed]));
    bench.notion.push_page(&report(1)).await.unwrap();
    // Nobody is working on it any more, and what was done is told soon.
    assert_eq!(bench.requests(), "fcfffcf");
    assert_one_page(&bench, 1);
    assert_waited(scope.elapsed(), 12);
}

#[tokio::test(start_paused = true)]
async fn fifty_retries_do_not_make_fifty_pages_even_if_none_is_ever_found() {
    let _scope = testing::scope(3);
    let blind = || FakeNotion::late_by(Duration::from_secs(1_000_000));
    let failed = failed().after_work().on_method(Method::POST);
    let bench = Bench::with(blind(), Plan::of(failed.times(51)));
    let error = bench.notion.push_page(&report(1)).await.unwrap_err();
    assert!(matches!(error, NotionError::Answered { .. }), "{error:?}");
    let pages = bench.pages().len();
    assert_eq!(pages, 12, "{}", bench.requests());
    // Pushing again at once goes on to the bound, and no further: the client remembers them.
    for _ in 0..5 {
        let error = bench.notion.push_page(&report(1)).await.unwrap_err();
        assert!(matches!(error, NotionError::Unsettled(20)), "{error:?}");
    }
    assert_eq!(bench.pages().len(), 20, "{}", bench.requests());

    // Where each may still be carried out, the 300 s have room for four.
    let bench = Bench::with(blind(), Plan::of(lost(Method::POST).times(51)));
    let error = bench.notion.push_page(&report(1)).await.unwrap_err();
    assert!(matches!(error, NotionError::NotYet(_)), "{error:?}");
    assert_eq!(bench.pages().len(), 4, "{}", bench.requests());
}

#[tokio::test(start_paused = true)]
async fn appends_whose_answers_are_lost_are_carried_out_once() {
    let _scope = testing::scope(4);
    let bench = Bench::new(Plan::of(lost(Method::PATCH).times(3)));
    bench.notion.push_page(&report(450)).await.unwrap();
    // 100 with the page, then an append without an answer and a look, three times over: a look takes a request for each
    // hundred blocks.
    assert_eq!(bench.requests(), "fcallalllalllla");
    assert_one_page(&bench, 450);
}

#[tokio::test(start_paused = true)]
async fn an_append_that_did_not_arrive_is_sent_again_when_it_can_no_longer_be_carried_out() {
    let scope = testing::scope(4);
    let bench = Bench::new(Plan::of([Step::reset().on_method(Method::PATCH)]));
    bench.notion.push_page(&report(150)).await.unwrap();
    // What the page holds is asked at once and when Notion has given up, and once more at the end.
    assert_eq!(bench.requests(), "fcallall");
    assert_one_page(&bench, 150);
    assert_waited(scope.elapsed(), 80);
}

#[tokio::test(start_paused = true)]
async fn somebody_elses_copy_of_the_page_stays() {
    let _scope = testing::scope(6);
    let bench = Bench::new(Plan::healthy());
    let first = bench.notion.push_page(&report(3)).await.unwrap();
    bench.fake.duplicate(&first.page);
    let second = bench.notion.push_page(&report(3)).await.unwrap();
    assert_eq!((second.page, second.trashed), (first.page, 0));
    assert_eq!(bench.requests(), "fcfml");
    assert_eq!(bench.pages().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_somebody_changed_is_not_written_to() {
    let _scope = testing::scope(6);
    let bench = Bench::new(Plan::healthy());
    let first = bench.notion.push_page(&report(3)).await.unwrap();
    bench.fake.interfere(&first.page);
    let error = bench.notion.push_page(&report(3)).await.unwrap_err();
    assert!(
        matches!(&error, NotionError::Differs { page, block: 4 } if *page == first.page),
        "{error}"
    );
    assert_eq!(bench.requests(), "fcfl");
}

#[tokio::test(start_paused = true)]
async fn a_block_that_somebody_put_into_an_unfinished_page_is_not_taken_for_one_of_ours() {
    let _scope = testing::scope(6);
    let steps = [Step::pass(), Step::pass(), Step::hang()];
    let bench = Bench::new(Plan::of(steps));
    let page = report(250);
    let killed = tokio::time::timeout(Duration::from_secs(5), bench.notion.push_page(&page)).await;
    assert!(killed.is_err());
    bench.fake.interfere(&bench.pages()[0].id);
    let error = bench.notion.push_page(&page).await.unwrap_err();
    assert!(
        matches!(&error, NotionError::Differs { block: 101, .. }),
        "{error}"
    );
    assert_eq!(
        (bench.requests().as_str(), bench.pages()[0].blocks.len()),
        ("fcafll", 101)
    );
}

#[tokio::test(start_paused = true)]
async fn a_page_in_the_trash_is_not_brought_back() {
    for page in [report(3), entry(3, None), entry(3, Some("External ID"))] {
        let _scope = testing::scope(6);
        let bench = Bench::new(Plan::healthy());
        let first = bench.notion.push_page(&page).await.unwrap();
        bench.fake.trash(&first.page);
        let second = bench.notion.push_page(&page).await.unwrap();
        assert!(second.created && second.page != first.page);
        assert_eq!(bench.requests(), "fcfpc");
        assert_one_page(&bench, 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_later_run_goes_on_where_one_that_was_killed_ended() {
    let scope = testing::scope(7);
    let bench = Bench::new(Plan::of([
        Step::pass(),
        Step::pass(),
        Step::pass(),
        Step::hang(),
    ]));
    let page = report(450);
    // Given up while the third hundred is under way.
    let killed = tokio::time::timeout(Duration::from_secs(5), bench.notion.push_page(&page)).await;
    assert!(killed.is_err());
    assert_eq!(
        (bench.requests().as_str(), bench.pages()[0].blocks.len()),
        ("fcaa", 200)
    );
    let pushed = bench.notion.push_page(&page).await.unwrap();
    // First it waits until nothing more can come of what the other one had sent.
    assert_eq!(bench.requests(), "fcaafllllaaalllll");
    assert_one_page(&bench, 450);
    assert!(!pushed.created);
    assert_waited(scope.elapsed(), 80);
}

#[tokio::test(start_paused = true)]
async fn what_notion_would_refuse_of_the_properties_is_not_sent() {
    let _scope = testing::scope(8);
    let bench = Bench::new(Plan::healthy());
    let parent = Parent::Page(PARENT.to_owned());
    let properties = Map::from_iter([("Status".to_owned(), Value::Null)]);
    let page = NewPage::with_properties(parent, "a", "A", "", properties);
    let error = bench.notion.push_page(&page).await.unwrap_err();
    assert!(matches!(error, NotionError::Request(_)), "{error:?}");
    assert_eq!(bench.requests(), "");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_ends_a_push_at_once() {
    for (status, code) in [
        (400, "validation_error"),
        (401, "unauthorized"),
        (403, "restricted_resource"),
        (404, "object_not_found"),
        (307, ""),
    ] {
        let _scope = testing::scope(8);
        let bench = Bench::new(Plan::of(refusal(status, code).times(9)));
        let error = bench.notion.push_page(&report(1)).await.unwrap_err();
        assert!(
            matches!(&error, NotionError::Answered { code: told, .. } if told == code),
            "{error}"
        );
        assert_eq!(bench.requests(), "f");
    }
}

#[tokio::test(start_paused = true)]
async fn what_notion_asks_to_wait_is_waited_also_beyond_a_minute() {
    let scope = testing::scope(9);
    let bench = Bench::new(Plan::of([
        Step::retry_after(RetryAfter::Seconds(90)),
        Step::retry_after(RetryAfter::Seconds(120)),
    ]));
    bench.notion.push_page(&report(1)).await.unwrap();
    assert_eq!(bench.requests(), "fffc");
    // Each of the two waits is the server's and up to a second of our own.
    let waited = scope.elapsed();
    assert!(
        waited >= Duration::from_secs(210) && waited <= Duration::from_secs(212),
        "{waited:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_ends_the_push_at_once() {
    let scope = testing::scope(9);
    let bench = Bench::new(Plan::of([Step::retry_after(RetryAfter::Seconds(600))]));
    let error = bench.notion.push_page(&report(1)).await.unwrap_err();
    assert!(
        matches!(&error, NotionError::Answered { status, .. } if status.as_u16() == 429),
        "{error}"
    );
    assert_eq!(
        (bench.requests().as_str(), scope.elapsed()),
        ("f", Duration::ZERO)
    );
}

#[tokio::test(start_paused = true)]
async fn bodies_without_end_are_read_to_the_bound_and_no_further() {
    for step in [Step::long_body(1 << 30), Step::endless_body()] {
        let _scope = testing::scope(10);
        let bench = Bench::new(Plan::of([step]));
        bench.notion.push_page(&report(1)).await.unwrap();
        assert_eq!(bench.requests(), "ffc");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_is_validated_in_at_most_six_attempts() {
    let _scope = testing::scope(11);
    let bench = Bench::new(Plan::of(Step::status(StatusCode::BAD_GATEWAY).times(4)));
    let bot = bench.notion.validate_token().await.unwrap();
    assert_eq!(
        (bot.name.as_deref(), bench.requests().as_str()),
        (Some("reports"), "mmmmm")
    );

    let _scope = testing::scope(11);
    let bench = Bench::new(Plan::of(
        Step::retry_after(RetryAfter::Seconds(0)).times(99),
    ));
    let error = bench.notion.validate_token().await.unwrap_err();
    assert_eq!(
        (bench.requests().as_str(), error.to_string().contains("429")),
        ("mmmmmm", true)
    );

    let _scope = testing::scope(11);
    let bench = Bench::new(Plan::of(Step::hang().times(99)));
    let error = bench.notion.validate_token().await.unwrap_err();
    assert!(matches!(error, NotionError::Died(_)), "{error}");
    assert_eq!(bench.requests(), "mmm");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_token_is_told_at_once_and_not_shown() {
    let _scope = testing::scope(12);
    let secret = "ntn_sesameOpenSesame";
    let bench = Bench::with_token(FakeNotion::new(), Plan::healthy(), secret);
    let error = bench.notion.validate_token().await.unwrap_err();
    assert_eq!(bench.requests(), "m");
    assert_eq!(
        error.to_string(),
        "Notion answered 401 unauthorized: API token is invalid."
    );
    for shown in [format!("{error:?}"), format!("{:?}", bench.notion)] {
        assert!(!shown.contains("sesame"), "{shown}");
    }
}
