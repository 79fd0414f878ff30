use std::time::Duration;

use http::{Method, StatusCode};

use super::{Plan, Step};

const NOW: Duration = Duration::ZERO;

fn meet(plan: &mut Plan, number: usize, method: &Method) -> Option<Step> {
    plan.meet(number, NOW, method, "/")
}

#[test]
fn steps_come_in_order_and_once() {
    let mut plan = Plan::of([Step::hang(), Step::garbage()]).then(Step::reset().times(2));
    let met: Vec<_> = (0..5)
        .map(|number| meet(&mut plan, number, &Method::GET))
        .collect();
    let expected = [Step::hang(), Step::garbage(), Step::reset(), Step::reset()];
    let expected: Vec<_> = expected.into_iter().map(Some).chain([None]).collect();
    assert_eq!(met, expected);
}

#[test]
fn a_step_that_is_bound_waits_for_its_request() {
    let posts = Step::hang().on_method(Method::POST);
    let mut plan = Plan::of([posts.clone(), Step::garbage()]);
    assert_eq!(meet(&mut plan, 0, &Method::GET), Some(Step::garbage()));
    assert_eq!(meet(&mut plan, 1, &Method::GET), None);
    assert_eq!(meet(&mut plan, 2, &Method::POST), Some(posts));
    assert_eq!(plan, Plan::healthy());
}

#[test]
fn outages_hold_for_their_period_and_use_up_no_step() {
    let bad = Step::status(StatusCode::BAD_GATEWAY);
    let mut plan = Plan::of([Step::hang()]).outage_of_requests(1..3, bad.clone());
    let met: Vec<_> = (0..5)
        .map(|number| meet(&mut plan, number, &Method::GET))
        .collect();
    assert_eq!(
        met,
        [
            Some(Step::hang()),
            Some(bad.clone()),
            Some(bad.clone()),
            None,
            None
        ]
    );

    let (begin, end) = (Duration::from_secs(1), Duration::from_secs(2));
    let mut plan = Plan::healthy().outage_between(begin..end, bad.clone());
    let mut at = |at| plan.meet(0, at, &Method::GET, "/");
    let before = |at: Duration| at.saturating_sub(Duration::from_nanos(1));
    assert_eq!(
        [at(before(begin)), at(begin), at(before(end)), at(end)],
        [None, Some(bad.clone()), Some(bad), None]
    );
}

#[test]
fn a_seed_gives_one_plan_and_all_faults_come_up() {
    let plan = Plan::seeded(7, 20);
    assert_eq!(
        (plan.clone(), plan.steps().len()),
        (Plan::seeded(7, 20), 20)
    );
    assert_ne!(plan, Plan::seeded(8, 20));
    let many = Plan::seeded(7, 2000);
    for step in Step::catalogue() {
        assert!(many.steps().contains(&step), "{step:?}");
    }
    assert_eq!(Plan::drawn(7, 20, &[]), Plan::healthy());
}
