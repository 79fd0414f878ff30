//! Seeded schedules of faults, and seeded outages: one page, and how many pushes recover.

mod common;

use std::time::Duration;

use common::{Bench, assert_one_page, failed, report};
use http::{Method, StatusCode};
use wait_or_die::{Error, testing};
use wait_or_die_example_faults::{Fault, Plan, RetryAfter, Step};
use wait_or_die_example_notion::NotionError;
use wait_or_die_example_notion::fake::FakeNotion;

/// What may happen to any request.
fn faults() -> Vec<Step> {
    let status = |code: u16| Step::status(StatusCode::from_u16(code).unwrap());
    vec![
        Step::pass(),
        Step::pass(),
        Step::reset(),
        Step::reset().after_work(),
        Step::reset().after_work(),
        Step::reset_unread(),
        status(500),
        status(502).after_work(),
        status(503),
        status(504).after_work(),
        status(529),
        Step::retry_after(RetryAfter::Seconds(2)),
        Step::truncated_json(),
        Step::truncated_transfer(),
        Step::garbage(),
        Step::garbage().after_work(),
        Step::wrong_content_type(),
        Step::slow_body(Duration::from_secs(1)),
        Step::hang().after_work(),
        failed(),
        failed().after_work(),
        failed().after_work().on(Method::POST, "/v1/pages"),
        failed().on_method(Method::PATCH),
        Step::reset().after_work().on(Method::POST, "/v1/pages"),
        Step::reset().working_after(Duration::from_secs(20)),
        status(504).working_after(Duration::from_secs(40)),
        Step::hang().working_after(Duration::from_secs(60)),
    ]
}

#[tokio::test(start_paused = true)]
async fn any_schedule_of_faults_makes_one_page_with_each_block_once() {
    for seed in 0..300 {
        let _scope = testing::scope(seed);
        let fake = FakeNotion::late_by(Duration::from_secs(
            [0, 1, 3, 5][usize::try_from(seed % 4).unwrap()],
        ));
        let bench = Bench::with(fake, Plan::drawn(seed, 12, &faults()));
        let page = report(250);
        // Where time was not enough, as after several requests that hang, somebody pushes again.
        let mut calls = 1;
        while let Err(error) = bench.notion.push_page(&page).await {
            assert!(calls < 5, "seed {seed}: {error}, {}", bench.requests());
            calls += 1;
        }
        // What was sent may still be carried out.
        tokio::time::sleep(Duration::from_secs(200)).await;
        assert_one_page(&bench, 250);
    }
}

/// An outage that begins so many seconds after the push has begun, and ends so many. Each answer before it takes a second.
async fn push_through(
    seed: u64,
    from: u64,
    seconds: u64,
) -> Result<Duration, (NotionError, Duration)> {
    let kinds = outages();
    let step = kinds[usize::try_from(seed).unwrap() % kinds.len()].clone();
    let scope = testing::scope(seed);
    let slow = Step::slow_headers(Duration::from_secs(1)).times(usize::try_from(from).unwrap());
    let outage = Duration::from_secs(from)..Duration::from_secs(seconds);
    let plan = Plan::of(slow).outage_between(outage, step);
    let bench = Bench::new(plan);
    let outcome = bench.notion.push_page(&report(450)).await;
    let is_hit = |fault: &Fault| !matches!(fault, Fault::SlowHeaders(_));
    let requests = bench.server.requests();
    let hit = requests
        .iter()
        .filter(|request| request.met.as_ref().is_some_and(is_hit));
    assert_ne!(hit.count(), 0, "seed {seed}: {}", bench.requests());
    match outcome {
        Ok(_) => {
            assert_one_page(&bench, 450);
            Ok(scope.elapsed())
        }
        Err(error) => Err((error, scope.elapsed())),
    }
}

/// What Notion's outages look like: nothing gets through.
fn outages() -> Vec<Step> {
    let status = |code: u16| Step::status(StatusCode::from_u16(code).unwrap());
    vec![
        failed(),
        status(502),
        status(503),
        status(529),
        Step::reset(),
        Step::reset_unread(),
        Step::garbage(),
        Step::retry_after(RetryAfter::Seconds(5)),
        Step::hang(),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_thousand_outages_that_end_a_minute_before_the_deadline_are_survived() {
    let mut random = fastrand::Rng::with_seed(20_261_121);
    let mut failed = Vec::new();
    for seed in 0..1_000 {
        let seconds = random.u64(4..=240);
        if let Err((error, elapsed)) = push_through(seed, seed / 9 % 4, seconds).await {
            failed.push(format!("seed {seed}: {seconds} s, {elapsed:?}: {error}"));
        }
    }
    assert_eq!(failed, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_survived_had_no_attempt_left_after_the_outage() {
    let mut random = fastrand::Rng::with_seed(20_261_122);
    let mut failed = 0;
    for seed in 0..300 {
        let seconds = random.u64(241..=299);
        let Err((error, elapsed)) = push_through(seed, seed / 9 % 4, seconds).await else {
            continue;
        };
        failed += 1;
        match error {
            // It ended at an attempt inside the outage, because the wait after that, or the breaker's, would have overrun
            // the deadline.
            NotionError::Died(Error::Rejected(_))
            | NotionError::Answered { .. }
            | NotionError::Transport(_)
            | NotionError::Unreadable(_) => {
                assert!(
                    elapsed < Duration::from_secs(seconds),
                    "seed {seed}: {elapsed:?}, {seconds} s"
                );
                assert!(
                    elapsed > Duration::from_secs(300 - 61),
                    "seed {seed}: {elapsed:?}"
                );
            }
            // The last request hung, and began inside the outage.
            NotionError::Died(_) => {
                assert_eq!(elapsed, Duration::from_secs(300));
                assert!(seconds > 300 - 65, "seed {seed}: {seconds} s");
            }
            other => panic!("seed {seed}: {other}"),
        }
    }
    assert_eq!(failed, 106);
}
