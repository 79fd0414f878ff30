//! The page that a push says it is: there, the only one, and with every block once, whatever came between.

mod common;

use common::{Bench, assert_one_page, failed, refusal, report, seconds};
use http::{Method, StatusCode};
use wait_or_die::testing;
use wait_or_die_example_faults::{Plan, RetryAfter, Step};
use wait_or_die_example_notion::NotionError;
use wait_or_die_example_notion::fake::FakeNotion;

#[tokio::test(start_paused = true)]
async fn a_double_does_not_go_when_the_kept_page_has_gone() {
    let _scope = testing::scope(1);
    let bench = Bench::new(Plan::healthy());
    let page = report(3);
    let younger = bench.two_pages(&page).await;
    let older = bench.pages()[0].id.clone();
    let throttled = Step::retry_after(RetryAfter::Seconds(90)).on(Method::PATCH, "/v1/pages/*");
    bench.server.set_plan(Plan::of([throttled]));
    let somebody = async {
        tokio::time::sleep(seconds(30)).await;
        bench.fake.trash(&older);
    };
    let (pushed, ()) = tokio::join!(bench.notion.push_page(&page), somebody);
    let pushed = pushed.unwrap();
    assert_eq!((pushed.page, pushed.trashed), (younger, 0));
    assert_one_page(&bench, 3);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_was_to_go_and_is_kept_now_stays() {
    let _scope = testing::scope(2);
    // The first creation is carried out and told late, the second one is confirmed, and may not be moved to the trash.
    let failed = failed().after_work();
    let unauthorized = refusal(401, "unauthorized").on(Method::PATCH, "/v1/pages/*");
    let plan = Plan::of([failed.on(Method::POST, "/v1/pages"), unauthorized]);
    let bench = Bench::with(FakeNotion::late_by(seconds(20)), plan);
    let page = report(3);
    bench.notion.push_page(&page).await.unwrap_err();
    bench.fake.trash(&bench.fake.pages()[0].id);
    let pushed = bench.notion.push_page(&page).await.unwrap();
    assert_eq!(
        (pushed.page, pushed.trashed),
        (bench.pages()[0].id.clone(), 0)
    );
    assert_one_page(&bench, 3);
}

#[tokio::test(start_paused = true)]
async fn a_look_up_that_an_earlier_call_began_is_not_gone_on_with() {
    let _scope = testing::scope(3);
    let bench = Bench::new(Plan::healthy());
    let page = report(3);
    let first = bench.notion.push_page(&page).await.unwrap();
    let other = bench.notion.push_page(&report(1)).await.unwrap();
    for _ in 0..150 {
        bench.fake.duplicate(&other.page);
    }
    bench.server.set_plan(Plan::of([
        Step::pass(),
        refusal(403, "restricted_resource"),
    ]));
    bench.notion.push_page(&page).await.unwrap_err();
    bench.fake.trash(&first.page);
    let second = bench.notion.push_page(&page).await.unwrap();
    assert!(second.created && second.page != first.page);
}

#[tokio::test(start_paused = true)]
async fn of_two_creations_without_an_answer_the_younger_is_waited_for_too() {
    let lost = || Step::reset().on(Method::POST, "/v1/pages");
    for second in [lost().after_work(), lost().working_after(seconds(40))] {
        let _scope = testing::scope(4);
        let failed = failed().after_work();
        let plan = Plan::of([failed.on(Method::POST, "/v1/pages"), second]);
        let bench = Bench::with(FakeNotion::late_by(seconds(15)), plan);
        let pushed = bench.notion.push_page(&report(3)).await.unwrap();
        assert_eq!(pushed.trashed, 1, "{}", bench.requests());
        assert_one_page(&bench, 3);
        tokio::time::sleep(seconds(300)).await;
        assert_one_page(&bench, 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_was_found_is_known_as_well_as_one_that_was_confirmed() {
    let _scope = testing::scope(5);
    let lost = Step::reset().after_work().on(Method::POST, "/v1/pages");
    let bench = Bench::new(Plan::of([lost]));
    let first = bench.notion.push_page(&report(3)).await.unwrap();
    bench.fake.move_elsewhere(&first.page);
    let second = bench.notion.push_page(&report(3)).await.unwrap();
    assert_eq!((second.page, second.created), (first.page, false));
    assert_eq!(bench.requests(), "fcflfpl");
}

#[tokio::test(start_paused = true)]
async fn what_somebody_changed_is_told_for_as_long_as_it_is_so() {
    let _scope = testing::scope(6);
    let bench = Bench::new(Plan::healthy());
    let page = report(3);
    let first = bench.notion.push_page(&page).await.unwrap();
    bench.fake.interfere(&first.page);
    for _ in 0..2 {
        let error = bench.notion.push_page(&page).await.unwrap_err();
        assert!(
            matches!(error, NotionError::Differs { block: 4, .. }),
            "{error:?}"
        );
    }
    // The note goes, and a block of ours with it: the next push puts that back, whoever makes it.
    bench.fake.take_away(&first.page);
    bench.fake.take_away(&first.page);
    bench.notion.push_page(&page).await.unwrap();
    assert_one_page(&bench, 3);
}

#[tokio::test(start_paused = true)]
async fn a_push_that_waits_for_another_does_not_keep_the_breakers_probe() {
    let _scope = testing::scope(7);
    let bench = Bench::new(Plan::of([Step::hang().on_method(Method::PATCH)]));
    let (page, client) = (report(150), bench.notion.clone());
    let first = bench.notion.push_page(&page);
    let others = async {
        tokio::time::sleep(seconds(1)).await;
        let down = Step::status(StatusCode::BAD_GATEWAY).on(Method::GET, "/v1/users/me");
        bench.server.set_plan(Plan::of(down.times(5)));
        client.validate_token().await.unwrap_err();
        tokio::time::sleep(seconds(11)).await;
        // The breaker is ready for a probe, and this push is the first to come.
        let second = client.push_page(&page);
        let validated = async {
            tokio::time::sleep(seconds(2)).await;
            client.validate_token().await
        };
        tokio::join!(second, validated)
    };
    let (first, (second, validated)) = tokio::join!(first, others);
    validated.unwrap();
    assert_eq!(first.unwrap().page, second.unwrap().page);
    assert_one_page(&bench, 150);
}
