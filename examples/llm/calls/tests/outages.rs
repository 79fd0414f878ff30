//! Outages that end by themselves: how many calls live through them.

use std::ops::Range;
use std::time::Duration;

use wait_or_die::testing;
use wait_or_die_example_faults::{Plan, RetryAfter, Step};

use crate::provider::Provider;
use crate::rig::{Rig, status};

const PROVIDERS: [Provider; 3] = [Provider::Anthropic, Provider::Gemini, Provider::OpenAi];

/// What an outage looks like from outside.
fn kinds() -> [Step; 6] {
    [
        status(503),
        status(500),
        status(529),
        Step::reset(),
        Step::truncated_transfer(),
        Step::retry_after(RetryAfter::Seconds(20)),
    ]
}

/// How many of these calls got their answer. Each begins with its outage, which lasts for a time drawn from `within`, and has
/// a breaker and a budget of its own.
async fn recovered(seeds: Range<u64>, within: Range<f64>) -> usize {
    let mut recovered = 0;
    for seed in seeds {
        let scope = testing::scope(seed);
        let mut random = fastrand::Rng::with_seed(seed);
        let lasts = within.start + random.f64() * (within.end - within.start);
        let provider = PROVIDERS[random.usize(..PROVIDERS.len())];
        let kind = kinds()[random.usize(..kinds().len())].clone();
        let outage = Duration::ZERO..Duration::from_secs_f64(lasts);
        let rig = Rig::beside(provider, Plan::healthy().outage_between(outage, kind));
        let (reviewed, _) = rig.ask().await;
        recovered += usize::from(reviewed.is_ok());
        drop(scope);
    }
    recovered
}

/// No wait is longer than 60 s, so there is an attempt in the last 60 s, and it is after the outage.
#[tokio::test(start_paused = true)]
async fn every_one_of_1000_outages_is_lived_through_that_ends_60_s_before_the_deadline() {
    assert_eq!(recovered(0..1000, 0.0..239.0).await, 1000);
}

/// Drawn over the whole of the deadline, whatever they are: the share that the documentation gives.
#[tokio::test(start_paused = true)]
async fn of_1000_outages_that_end_inside_the_deadline_some_in_its_last_minute_are_not() {
    assert_eq!(recovered(0..1000, 0.0..300.0).await, 944);
}

/// Of those that end later some are not: a wait that would reach the deadline is not begun.
#[tokio::test(start_paused = true)]
async fn of_outages_that_end_in_the_last_minute_some_are_not() {
    let recovered = recovered(1000..1300, 240.0..300.0).await;
    assert_eq!(recovered, 207);
}
