//! Random policies and plans.
//!
//! Steps and waits take whole tenths of a second, `attempt_timeout` a millisecond more and `timeout` fifty: an answer never
//! comes in the moment in which a bound cuts it off, where either could win. Without an `attempt_timeout` the last wait
//! may end some milliseconds before the deadline, on both sides of what still counts as reaching it.

use std::ops::Range;
use std::time::Duration;

use http::StatusCode;
use proptest::collection::vec;
use proptest::prelude::*;
use wait_or_die::settings::CallSettings;
use wait_or_die::{Jitter, Strategy as Growth};
use wait_or_die_example_faults::{Answer, Plan, RetryAfter, Step};

#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) max_retries: u32,
    pub(crate) initial_wait: Duration,
    pub(crate) max_wait: Duration,
    pub(crate) growth: Growth,
}

impl Policy {
    pub(crate) fn settings(&self) -> CallSettings {
        let settings = CallSettings::new()
            .with_timeout(self.timeout)
            .with_max_retries(self.max_retries)
            .with_initial_wait(self.initial_wait)
            .with_max_wait(self.max_wait)
            .with_strategy(self.growth)
            .with_jitter(Jitter::None);
        match self.attempt_timeout {
            Some(bound) => settings.with_attempt_timeout(bound),
            None => settings,
        }
    }
}

fn tenths(count: u64) -> Duration {
    Duration::from_millis(100 * count)
}

fn growth() -> impl Strategy<Value = Growth> {
    prop_oneof![
        Just(Growth::Fixed),
        Just(Growth::Linear),
        Just(Growth::Exponential),
        Just(Growth::Fibonacci),
    ]
}

prop_compose! {
    /// Bounds from a second to some minutes; what a policy may not be is not made.
    pub(crate) fn policy()(
        timeout in prop_oneof![10_u64..40, 40_u64..300, 300_u64..4000],
        attempt_timeout in prop_oneof![Just(None), (1_u64..30).prop_map(Some)],
        max_retries in prop_oneof![0_u32..6, 6_u32..30],
        initial_wait in 0_u64..10,
        more in 0_u64..100,
        growth in growth(),
        close in prop_oneof![Just(1_u64), Just(2), Just(3), Just(50)],
    ) -> Policy {
        let close = if attempt_timeout.is_none() { close } else { 50 };
        Policy {
            timeout: tenths(timeout) + Duration::from_millis(close),
            attempt_timeout: attempt_timeout
                .map(|bound| tenths(bound.min(timeout)) + Duration::from_millis(1)),
            max_retries,
            initial_wait: tenths(initial_wait),
            max_wait: tenths(initial_wait + more),
            growth,
        }
    }
}

fn retry_after() -> impl Strategy<Value = RetryAfter> {
    let seconds = || (0_u64..20).prop_map(Duration::from_secs);
    prop_oneof![
        (0_u64..20).prop_map(RetryAfter::Seconds),
        (0_u64..50).prop_map(|tenths| RetryAfter::Millis(100 * tenths)),
        seconds().prop_map(RetryAfter::ImfFixdate),
        seconds().prop_map(RetryAfter::Rfc850),
        seconds().prop_map(RetryAfter::Asctime),
        proptest::sample::select(RetryAfter::absurd().collect::<Vec<_>>()),
    ]
}

/// A status that is worth a retry.
fn passing() -> impl Strategy<Value = StatusCode> {
    proptest::sample::select(vec![408, 425, 429, 500, 502, 503, 504, 529])
        .prop_map(|status| StatusCode::from_u16(status).unwrap())
}

/// A status that is none.
fn lasting() -> impl Strategy<Value = StatusCode> {
    proptest::sample::select(vec![304, 400, 401, 403, 404, 409, 422, 501])
        .prop_map(|status| StatusCode::from_u16(status).unwrap())
}

fn throttling() -> impl Strategy<Value = Step> {
    let status = prop_oneof![
        Just(StatusCode::TOO_MANY_REQUESTS),
        Just(StatusCode::SERVICE_UNAVAILABLE)
    ];
    (status, retry_after())
        .prop_map(|(status, form)| Step::answer(Answer::status(status).with_retry_after(form)))
}

/// What a call survives, as a rule.
fn transient() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => passing().prop_map(Step::status),
        3 => throttling(),
        1 => Just(Step::reset_unread()),
        1 => Just(Step::reset()),
        1 => Just(Step::truncated_transfer()),
        1 => Just(Step::garbage()),
        2 => Just(Step::hang()),
    ]
}

/// What ends it, one way or the other.
fn decisive() -> impl Strategy<Value = Step> {
    let slow = || (1_u64..40).prop_map(tenths);
    prop_oneof![
        Just(Step::pass()),
        slow().prop_map(Step::slow_headers),
        slow().prop_map(Step::slow_body),
        lasting().prop_map(Step::status),
        Just(Step::truncated_json()),
        Just(Step::redirect_loop()),
        Just(Step::wrong_content_type()),
        Just(Step::long_body(1 << 30)),
        (0_u64..60_000).prop_map(Step::long_body),
        Just(Step::endless_body()),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let step = prop_oneof![12 => transient(), 1 => decisive()];
    (step, prop::bool::ANY).prop_map(|(step, after)| if after { step.after_work() } else { step })
}

/// What happens to a call: up to so many steps, and perhaps an outage besides.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    pub(crate) steps: Vec<Step>,
    pub(crate) outage: Option<(Period, Step)>,
}

#[derive(Debug, Clone)]
pub(crate) enum Period {
    Requests(Range<usize>),
    Time(Range<Duration>),
}

impl Course {
    pub(crate) fn plan(&self) -> Plan {
        let plan = Plan::of(self.steps.clone());
        match self.outage.clone() {
            None => plan,
            Some((Period::Requests(which), step)) => plan.outage_of_requests(which, step),
            Some((Period::Time(when), step)) => plan.outage_between(when, step),
        }
    }
}

fn period() -> impl Strategy<Value = Period> {
    let requests = (0_usize..8, 1_usize..12).prop_map(|(from, count)| from..from + count);
    let time = (0_u64..50, 1_u64..200).prop_map(|(from, long)| tenths(from)..tenths(from + long));
    prop_oneof![
        requests.prop_map(Period::Requests),
        time.prop_map(Period::Time)
    ]
}

/// Up to so many steps.
pub(crate) fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    vec(step(), 0..=most)
}

pub(crate) fn course(most: usize) -> impl Strategy<Value = Course> {
    let outage = prop_oneof![2 => Just(None), 1 => (period(), transient()).prop_map(Some)];
    (steps(most), outage).prop_map(|(steps, outage)| Course { steps, outage })
}
