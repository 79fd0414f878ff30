//! What Notion carries out late, tells late, or was left behind by somebody who is gone: one page, each block once.

mod common;

use common::{Bench, assert_one_page, entry, failed, lost, report, seconds, text};
use http::{Method, StatusCode};
use wait_or_die::testing;
use wait_or_die_example_faults::{Answer, Plan, Step};
use wait_or_die_example_notion::NotionError;
use wait_or_die_example_notion::fake::FakeNotion;

/// The client is told nothing, and Notion does what was asked so much later.
fn late(method: Method, by: u64) -> Step {
    Step::reset().working_after(seconds(by)).on_method(method)
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_is_carried_out_late_is_the_only_one() {
    for (by, requests) in [(1, "fcffla"), (30, "fcfffla"), (75, "fcfffla")] {
        let _scope = testing::scope(1);
        let bench = Bench::new(Plan::of([late(Method::POST, by)]));
        let pushed = bench.notion.push_page(&report(150)).await.unwrap();
        assert_eq!(bench.requests(), requests, "{by} s");
        assert_one_page(&bench, 150);
        assert_eq!((pushed.created, pushed.trashed), (true, 0));
        assert_eq!(bench.fake.pages().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_append_that_is_carried_out_late_is_the_only_one() {
    for (by, requests) in [(0, "fcalla"), (1, "fcallla"), (75, "fcallla")] {
        let _scope = testing::scope(1);
        let bench = Bench::new(Plan::of([late(Method::PATCH, by)]));
        bench.notion.push_page(&report(250)).await.unwrap();
        assert_eq!(bench.requests(), requests, "{by} s");
        assert_one_page(&bench, 250);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_given_up_is_known_to_the_next_one() {
    let scope = testing::scope(2);
    let bench = Bench::new(Plan::of([Step::hang()
        .working_after(seconds(40))
        .on_method(Method::POST)]));
    let page = report(3);
    let given_up = tokio::time::timeout(seconds(5), bench.notion.push_page(&page)).await;
    assert!(given_up.is_err());
    let pushed = bench.notion.push_page(&page).await.unwrap();
    // It waits for what the first call had sent instead of creating a second page.
    assert_eq!(bench.requests(), "fcffl");
    assert_eq!((pushed.created, bench.fake.pages().len()), (false, 1));
    let waited = scope.elapsed();
    assert!((seconds(80)..seconds(81)).contains(&waited), "{waited:?}");

    // Another report has nothing to wait for.
    bench.notion.push_page(&entry(3, None)).await.unwrap();
    assert_eq!(scope.elapsed(), waited);
}

#[tokio::test(start_paused = true)]
async fn a_double_that_a_crashed_process_left_goes_to_the_trash() {
    let _scope = testing::scope(3);
    let bench = Bench::new(Plan::of([Step::hang()
        .working_after(seconds(30))
        .on_method(Method::POST)]));
    let page = report(150);
    let killed = tokio::time::timeout(seconds(5), bench.notion.push_page(&page)).await;
    assert!(killed.is_err());
    // A new process knows nothing of the creation, and makes a page before it.
    let restarted = bench.another_client();
    let second = restarted.push_page(&page).await.unwrap();
    assert_eq!((second.created, bench.pages().len()), (true, 1));
    tokio::time::sleep(seconds(30)).await;
    assert_eq!(bench.pages().len(), 2);
    // The next push of the report keeps the page that is older.
    let third = bench.another_client().push_page(&page).await.unwrap();
    assert_eq!(
        (&third.page, third.created, third.trashed),
        (&second.page, false, 1)
    );
    assert_eq!(bench.requests(), "fcfcafmllpplt");
    assert_one_page(&bench, 150);
}

#[tokio::test(start_paused = true)]
async fn a_block_that_a_crashed_process_sent_late_is_waited_for() {
    let _scope = testing::scope(3);
    let steps = [
        Step::pass(),
        Step::pass(),
        Step::hang().working_after(seconds(30)),
    ];
    let bench = Bench::new(Plan::of(steps));
    let page = report(250);
    let killed = tokio::time::timeout(seconds(5), bench.notion.push_page(&page)).await;
    assert!(killed.is_err());
    // It sees that somebody has written meanwhile, and leaves the page to them for as long again.
    bench.another_client().push_page(&page).await.unwrap();
    assert_eq!(bench.requests(), "fcaflllllalll");
    assert_one_page(&bench, 250);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_found_late_is_kept_and_its_double_goes_to_the_trash() {
    let _scope = testing::scope(5);
    // Created, its answer lost, and found only when a second one has been created.
    let fake = FakeNotion::late_by(seconds(90));
    let lost = Step::reset().after_work().on_method(Method::POST);
    let bench = Bench::with(fake, Plan::of([lost]));
    let pushed = bench.notion.push_page(&report(150)).await.unwrap();
    // The page that it has just created is looked up until it is found, by which time the older one is found too.
    assert_eq!(bench.requests(), "fcfffcafffffffmlappllt");
    assert_one_page(&bench, 150);
    assert_eq!((pushed.created, pushed.trashed), (true, 1));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_never_found_is_not_called_the_only_one() {
    let _scope = testing::scope(5);
    let fake = FakeNotion::late_by(seconds(1_000));
    let lost = Step::reset().after_work().on_method(Method::POST);
    let bench = Bench::with(fake, Plan::of([lost]));
    let error = bench.notion.push_page(&report(1)).await.unwrap_err();
    assert!(matches!(error, NotionError::Unsettled(1)), "{error:?}");
    assert_eq!(
        (bench.requests().as_str(), bench.pages().len()),
        ("fcfffcfffffff", 2)
    );
}

#[tokio::test(start_paused = true)]
async fn a_trash_whose_answer_is_lost_is_sent_again_and_counts_once() {
    let _scope = testing::scope(6);
    let bench = Bench::with(FakeNotion::new(), Plan::healthy());
    let page = report(3);
    bench.two_pages(&page).await;
    let lost = lost(Method::PATCH);
    bench.server.set_plan(Plan::of(lost.times(1)));
    let before = bench.requests().len();
    let pushed = bench.notion.push_page(&page).await.unwrap();
    assert_eq!(bench.requests()[before..], *"fmlppltpp");
    assert_eq!(pushed.trashed, 1);
    assert_one_page(&bench, 3);
}

#[tokio::test(start_paused = true)]
async fn a_double_that_somebody_has_written_on_stays_and_is_told() {
    // The last one leaves the blocks as they were, as a comment does, or a box that is ticked.
    for write in [
        FakeNotion::interfere,
        FakeNotion::put_inside,
        FakeNotion::touch,
    ] {
        let _scope = testing::scope(6);
        let bench = Bench::new(Plan::healthy());
        let page = report(3);
        let younger = bench.two_pages(&page).await;
        write(&bench.fake, &younger);
        let pushed = bench.notion.push_page(&page).await.unwrap();
        assert_eq!((pushed.trashed, pushed.left), (0, vec![younger]));
        assert_eq!(bench.pages().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn the_kept_page_is_whole_before_its_double_goes() {
    let _scope = testing::scope(6);
    let bench = Bench::new(Plan::healthy());
    let page = report(250);
    bench.two_pages(&page).await;
    // The older one has lost its end, and every append fails.
    bench.fake.take_away(&bench.pages()[0].id);
    let refused =
        Answer::status(StatusCode::FORBIDDEN).with_body(r#"{"code":"restricted_resource"}"#);
    bench.server.set_plan(Plan::of(
        Step::answer(refused)
            .on(Method::PATCH, "/v1/blocks/*")
            .times(9),
    ));
    bench.notion.push_page(&page).await.unwrap_err();
    assert_eq!(bench.pages().len(), 2, "{}", bench.requests());
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_not_yet_known_by_its_id_is_asked_for_again() {
    let scope = testing::scope(7);
    let bench = Bench::with(FakeNotion::unknown_for(seconds(1)), Plan::healthy());
    bench.notion.push_page(&report(150)).await.unwrap();
    assert!(bench.requests().starts_with("fcaa"), "{}", bench.requests());
    assert_one_page(&bench, 150);
    assert!(scope.elapsed() < seconds(10));

    // A page that stays unknown has been taken away.
    let bench = Bench::with(FakeNotion::unknown_for(seconds(10_000)), Plan::healthy());
    let error = bench.notion.push_page(&report(150)).await.unwrap_err();
    assert!(
        matches!(&error, NotionError::Answered { status, .. } if *status == StatusCode::NOT_FOUND),
        "{error:?}"
    );
    assert_eq!(bench.pages().len(), 1);
    // For a minute it might have been too new, and then there may have been a wait of another.
    let waited = scope.elapsed();
    assert!((seconds(60)..seconds(130)).contains(&waited), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn what_was_confirmed_is_not_sent_again_because_an_answer_is_out_of_date() {
    let _scope = testing::scope(8);
    // 100 with the page, 100 confirmed; the third append is lost, and for some seconds all questions are answered from the past.
    let lost = lost(Method::PATCH);
    let bench = Bench::new(Plan::of([Step::pass(), Step::pass(), Step::pass(), lost]));
    bench.fake.be_stale(seconds(7), 200);
    bench.notion.push_page(&report(350)).await.unwrap();
    assert_one_page(&bench, 350);
    assert_eq!(bench.pages()[0].text(), text(350));
}

#[tokio::test(start_paused = true)]
async fn what_a_lost_creation_carried_is_not_sent_again_because_an_answer_is_out_of_date() {
    let _scope = testing::scope(8);
    let bench = Bench::new(Plan::of([lost(Method::POST)]));
    // Nothing of what came with the page is to be seen.
    bench.fake.be_stale(seconds(10), 100);
    bench.notion.push_page(&report(150)).await.unwrap();
    assert_eq!(bench.requests(), "fcfllllla");
    assert_one_page(&bench, 150);
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_push_sent_is_not_sent_again_because_an_answer_is_out_of_date() {
    // The page is this client's own, or it went on with that of another.
    for is_own in [true, false] {
        let _scope = testing::scope(8);
        let bench = Bench::new(Plan::healthy());
        let (page, other) = (report(150), bench.another_client());
        bench.notion.push_page(&page).await.unwrap();
        other.push_page(&page).await.unwrap();
        let client = if is_own { &bench.notion } else { &other };
        let before = bench.requests().len();
        bench.fake.be_stale(seconds(10), 50);
        client.push_page(&page).await.unwrap();
        assert!(bench.requests()[before..].starts_with("flll"));
        assert_one_page(&bench, 150);
    }
}

#[tokio::test(start_paused = true)]
async fn blocks_that_somebody_took_away_between_two_pushes_are_put_back() {
    let scope = testing::scope(8);
    let bench = Bench::new(Plan::healthy());
    let page = report(150);
    let first = bench.notion.push_page(&page).await.unwrap();
    bench.fake.take_away(&first.page);
    let pushed = bench.notion.push_page(&page).await.unwrap();
    // Six questions, of two parts each, might have been answered from the past.
    assert_eq!(bench.requests()[3..], *"flllllllllllla");
    assert_eq!((pushed.page, pushed.created), (first.page, false));
    assert_one_page(&bench, 150);
    let waited = scope.elapsed();
    assert!((seconds(10)..seconds(20)).contains(&waited), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn an_append_that_notion_failed_at_is_not_sent_again_before_its_answers_are_up_to_date() {
    let _scope = testing::scope(8);
    let failed = failed().after_work().on_method(Method::PATCH);
    let bench = Bench::new(Plan::of([failed]));
    // Only the append itself is not to be seen.
    bench.fake.be_stale(seconds(10), 50);
    bench.notion.push_page(&report(150)).await.unwrap();
    assert_eq!(bench.requests(), "fcalll");
    assert_one_page(&bench, 150);
}

#[tokio::test(start_paused = true)]
async fn blocks_that_somebody_took_away_are_told() {
    let _scope = testing::scope(8);
    let lost = Step::reset().on_method(Method::PATCH);
    let bench = Bench::new(Plan::of([Step::pass(), Step::pass(), Step::pass(), lost]));
    let page = report(350);
    let push = bench.notion.push_page(&page);
    let somebody = async {
        while bench.requests() != "fcaa" {
            tokio::task::yield_now().await;
        }
        bench.fake.take_away(&bench.pages()[0].id);
    };
    let (pushed, ()) = tokio::join!(push, somebody);
    let error = pushed.unwrap_err();
    assert!(
        matches!(&error, NotionError::Differs { block: 200, .. }),
        "{error:?}"
    );
    // Six questions, of two parts each, might have been answered from the past.
    assert_eq!(bench.requests(), "fcaallllllllllll");
}

#[tokio::test(start_paused = true)]
async fn a_block_with_others_inside_is_not_taken_for_one_without() {
    let _scope = testing::scope(9);
    let bench = Bench::new(Plan::healthy());
    let page = report(2);
    let first = bench.notion.push_page(&page).await.unwrap();
    bench.fake.put_inside(&first.page);
    let error = bench.notion.push_page(&page).await.unwrap_err();
    assert!(
        matches!(&error, NotionError::Differs { block: 2, .. }),
        "{error:?}"
    );
}
