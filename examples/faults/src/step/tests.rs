use std::time::Duration;

use http::{Method, StatusCode};

use super::{Step, Work};

#[test]
fn a_step_is_bound_to_what_it_names() {
    let any = Step::hang();
    assert!(any.matches(&Method::GET, "/") && any.matches(&Method::POST, "/v1/pages"));
    let bound = Step::hang().on(Method::POST, "/v1/pages");
    assert!(bound.matches(&Method::POST, "/v1/pages"));
    assert!(!bound.matches(&Method::GET, "/v1/pages"));
    assert!(!bound.matches(&Method::POST, "/v1/pages/7"));
    let below = Step::hang().on_path("/v1/*");
    assert!(below.matches(&Method::DELETE, "/v1/pages/7"));
    assert!(!below.matches(&Method::DELETE, "/v2/pages"));
}

#[test]
fn the_application_works_where_its_answer_is_needed_or_it_is_asked_for() {
    assert!(Step::pass().works() && Step::truncated_json().works());
    assert!(!Step::reset().works() && !Step::status(StatusCode::OK).works());
    assert!(Step::reset().after_work().works() && Step::hang().after_work().works());
    assert!(!Step::reset_unread().after_work().works());
    let later = |step: Step| step.working_after(Duration::from_secs(1)).work();
    assert_eq!(later(Step::reset()), Work::Later(Duration::from_secs(1)));
    assert_eq!(later(Step::truncated_json()), Work::First);
    assert_eq!(later(Step::reset_unread()), Work::Never);
}
