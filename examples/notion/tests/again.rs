//! Pushes of one report one after the other and at once, by one process and by two: what each has to know of the others.

mod common;

use common::{Bench, assert_one_page, failed, refusal, report, seconds};
use http::{Method, StatusCode};
use wait_or_die::{Error, testing};
use wait_or_die_example_faults::{Plan, RetryAfter, Step};
use wait_or_die_example_notion::NotionError;
use wait_or_die_example_notion::fake::FakeNotion;

#[tokio::test(start_paused = true)]
async fn a_page_that_is_not_found_yet_is_not_created_by_the_next_push() {
    let _scope = testing::scope(1);
    let bench = Bench::with(FakeNotion::late_by(seconds(60)), Plan::healthy());
    let first = bench.notion.push_page(&report(150)).await.unwrap();
    let second = bench.notion.push_page(&report(150)).await.unwrap();
    assert_eq!((second.page, second.created), (first.page, false));
    assert_eq!(bench.requests(), "fcafpll");
    assert_one_page(&bench, 150);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_somebody_moved_is_known_by_its_id() {
    let _scope = testing::scope(1);
    let bench = Bench::new(Plan::healthy());
    let first = bench.notion.push_page(&report(1)).await.unwrap();
    bench.fake.move_elsewhere(&first.page);
    let second = bench.notion.push_page(&report(1)).await.unwrap();
    assert_eq!((second.page, second.created), (first.page, false));
}

#[tokio::test(start_paused = true)]
async fn what_a_call_left_without_an_answer_is_looked_for_at_the_end_of_the_next() {
    let _scope = testing::scope(2);
    let failed = failed().after_work();
    let plan = Plan::of([failed.on(Method::POST, "/v1/pages")]);
    let bench = Bench::with(FakeNotion::late_by(seconds(20)), plan);
    let page = report(3);
    let given_up = tokio::time::timeout(seconds(1), bench.notion.push_page(&page)).await;
    assert!(given_up.is_err());
    tokio::time::sleep(seconds(3)).await;
    let pushed = bench.notion.push_page(&page).await.unwrap();
    assert_eq!((pushed.created, pushed.trashed), (true, 1));
    assert_one_page(&bench, 3);
}

#[tokio::test(start_paused = true)]
async fn two_pushes_at_once_make_one_page_of_which_one_is_the_creator() {
    let scope = testing::scope(3);
    let lost = Step::reset().after_work().on(Method::POST, "/v1/pages");
    let bench = Bench::new(Plan::of([lost]));
    let (page, client) = (report(450), bench.notion.clone());
    let (one, two) = tokio::join!(bench.notion.push_page(&page), client.push_page(&page));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.page, two.page);
    assert!(one.created != two.created, "{one:?}, {two:?}");
    assert_one_page(&bench, 450);
    assert!(scope.elapsed() < seconds(5), "{:?}", scope.elapsed());
}

#[tokio::test(start_paused = true)]
async fn after_a_long_wait_nothing_is_sent_that_somebody_else_has_sent_meanwhile() {
    for (method, paths) in [(Method::POST, "/v1/pages"), (Method::PATCH, "/v1/blocks/*")] {
        for wait in [90, 120] {
            let _scope = testing::scope(4);
            let throttled = Step::retry_after(RetryAfter::Seconds(wait));
            let bench = Bench::new(Plan::of([throttled.on(method.clone(), paths)]));
            let (page, other) = (report(250), bench.another_client());
            let later = async {
                tokio::time::sleep(seconds(5)).await;
                other.push_page(&page).await
            };
            let (one, two) = tokio::join!(bench.notion.push_page(&page), later);
            assert_eq!(one.unwrap().page, two.unwrap().page);
            assert_one_page(&bench, 250);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn while_a_push_waits_for_what_it_has_sent_others_are_served() {
    let _scope = testing::scope(5);
    // The creation is lost, the look-ups after it fail until the breaker opens, and then Notion is well.
    let mut steps = vec![Step::reset().on(Method::POST, "/v1/pages")];
    steps.extend(
        Step::status(StatusCode::BAD_GATEWAY)
            .on_method(Method::GET)
            .times(5),
    );
    let bench = Bench::new(Plan::of([Step::pass()].into_iter().chain(steps)));
    let page = report(1);
    let validated = async {
        let mut refused = 0;
        tokio::time::sleep(seconds(40)).await;
        for _ in 0..30 {
            tokio::time::sleep(seconds(1)).await;
            let outcome = bench.notion.validate_token().await;
            refused += usize::from(matches!(
                outcome,
                Err(NotionError::Died(Error::Rejected(_)))
            ));
        }
        refused
    };
    let (pushed, refused) = tokio::join!(bench.notion.push_page(&page), validated);
    pushed.unwrap();
    assert_eq!(refused, 0, "{}", bench.requests());
    assert_one_page(&bench, 1);
}

#[tokio::test(start_paused = true)]
async fn a_double_that_may_not_be_moved_is_told() {
    let _scope = testing::scope(6);
    let bench = Bench::new(Plan::healthy());
    let page = report(3);
    let younger = bench.two_pages(&page).await;
    let forbidden = refusal(403, "restricted_resource").on(Method::PATCH, "/v1/pages/*");
    bench.server.set_plan(Plan::of([forbidden]));
    let pushed = bench.notion.push_page(&page).await.unwrap();
    assert_eq!((pushed.trashed, pushed.left), (0, vec![younger]));
}

#[tokio::test(start_paused = true)]
async fn a_double_is_looked_at_again_before_it_is_moved_after_a_wait() {
    let _scope = testing::scope(6);
    let bench = Bench::new(Plan::healthy());
    let page = report(3);
    let younger = bench.two_pages(&page).await;
    let throttled = Step::retry_after(RetryAfter::Seconds(90)).on(Method::PATCH, "/v1/pages/*");
    bench.server.set_plan(Plan::of([throttled]));
    let somebody = async {
        tokio::time::sleep(seconds(30)).await;
        bench.fake.interfere(&younger);
    };
    let (pushed, ()) = tokio::join!(bench.notion.push_page(&page), somebody);
    assert_eq!(pushed.unwrap().left, vec![younger.clone()]);
    assert_eq!(bench.pages().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_was_found_after_its_answer_was_lost_may_be_unknown_by_its_id_for_a_while() {
    let scope = testing::scope(7);
    let lost = Step::reset().after_work().on(Method::POST, "/v1/pages");
    let bench = Bench::with(FakeNotion::unknown_for(seconds(3)), Plan::of([lost]));
    bench.notion.push_page(&report(1)).await.unwrap();
    assert!(
        bench.requests().starts_with("fcfll"),
        "{}",
        bench.requests()
    );
    assert!((seconds(3)..seconds(10)).contains(&scope.elapsed()));
}

#[tokio::test(start_paused = true)]
async fn a_list_goes_on_where_a_failure_ended_it() {
    let _scope = testing::scope(8);
    let bench = Bench::new(Plan::healthy());
    let page = report(1_000);
    bench.notion.push_page(&page).await.unwrap();
    let before = bench.requests().len();
    // Every third part of the list fails.
    let failing = Step::status(StatusCode::BAD_GATEWAY);
    let steps = (0..15).map(|at| {
        if at % 3 == 2 {
            failing.clone()
        } else {
            Step::pass()
        }
    });
    bench.server.set_plan(Plan::of(steps));
    bench.another_client().push_page(&page).await.unwrap();
    // The look-up, ten parts, and each that failed once more.
    assert_eq!(bench.requests()[before..], *"flllllllllllllll");

    // A cursor that is refused begins again.
    let before = bench.requests().len();
    let refused = refusal(400, "validation_error");
    bench.server.set_plan(Plan::of([
        Step::pass(),
        Step::pass(),
        Step::pass(),
        refused,
    ]));
    bench.another_client().push_page(&page).await.unwrap();
    assert_eq!(bench.requests()[before..], *"flllllllllllll");
}
