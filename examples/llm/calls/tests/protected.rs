//! What the attributes do for these calls.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use wait_or_die::breaker::State;
use wait_or_die::settings::{self, BreakerSettings, CallSettings, Settings};
use wait_or_die::{Bound, Breaker, Error};
use wait_or_die_example_faults::{Plan, RetryAfter, Step};

use crate::error::CallError;
use crate::provider::Provider::{self, Anthropic, Gemini, OpenAi};
use crate::rig::{Rig, answer, status};

const ALL: [Provider; 3] = [Anthropic, Gemini, OpenAi];

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_asked_again_until_it_has_passed() {
    for provider in ALL {
        let plan = Plan::of([status(503), Step::reset(), status(529), status(500)]);
        let rig = Rig::new(provider, plan);
        let (reviewed, account) = rig.ask().await;
        assert!(reviewed.is_ok(), "{provider:?} {reviewed:?}");
        assert_eq!(
            (rig.server.count(), account.attempts),
            (5, 5),
            "{provider:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_is_asked_once() {
    let quota = json!({ "error": { "type": "insufficient_quota", "code": "insufficient_quota" } });
    let mut steps: Vec<_> = [400, 401, 402, 404, 413, 422].map(status).into();
    steps.extend([
        answer(429, &quota),
        Step::redirect_loop(),
        Step::truncated_json(),
    ]);
    for step in steps {
        for provider in ALL {
            let rig = Rig::new(provider, Plan::of([step.clone()]));
            let (reviewed, _) = rig.ask().await;
            assert!(reviewed.is_err());
            assert_eq!(rig.server.count(), 1, "{provider:?} {step:?}");
            assert_eq!(rig.elapsed(), Duration::ZERO, "nothing was waited for");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_service_says_when_to_come_again() {
    let body = json!({ "error": { "code": 429, "details": [{ "retryDelay": "17s" }] } });
    for (step, delay) in [
        (Step::retry_after(RetryAfter::Seconds(90)), 90.0),
        (Step::retry_after(RetryAfter::Millis(1500)), 1.5),
        (answer(429, &body), 17.0),
    ] {
        let rig = Rig::new(Gemini, Plan::of([step]));
        assert!(rig.ask().await.0.is_ok());
        let came = rig.server.requests()[1].at;
        // The jittered first wait of 1 s is added.
        let expected = seconds(delay)..seconds(delay + 1.01);
        assert!(expected.contains(&came), "{came:?}");
        assert_eq!(rig.server.count(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_delay_beyond_the_time_left_ends_the_call_at_once() {
    let step = Step::retry_after(RetryAfter::Seconds(301));
    let rig = Rig::new(Anthropic, Plan::of([step]));
    let (reviewed, _) = rig.ask().await;
    let Err(CallError::Answered { .. }) = reviewed else {
        panic!("not the service's own word: {reviewed:?}");
    };
    assert_eq!((rig.server.count(), rig.elapsed()), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn there_are_fifty_retries_at_most() {
    for provider in ALL {
        let rig = Rig::new(provider, Plan::of(status(529).times(200)));
        // Otherwise the waits would grow until the time is over.
        let quick = CallSettings::new().with_max_wait(Duration::from_secs(1));
        let name = format!("{}.ask", provider.name());
        settings::apply(Settings::new().with_call(name, quick)).unwrap();
        let (reviewed, account) = rig.ask().await;
        assert!(matches!(reviewed, Err(CallError::Answered { .. })));
        assert_eq!(
            (rig.server.count(), account.attempts),
            (51, 51),
            "{provider:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_hangs_is_cut_off_and_made_again() {
    for provider in ALL {
        let rig = Rig::new(provider, Plan::of([Step::hang()]));
        let (reviewed, account) = rig.ask().await;
        assert!(reviewed.is_ok());
        let came = rig.server.requests()[1].at;
        let expected = seconds(150.0)..=seconds(151.1);
        assert!(expected.contains(&came), "{came:?}");
        assert_eq!((account.attempts, account.unknown), (2, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_takes_longer_than_300_seconds() {
    let rig = Rig::new(OpenAi, Plan::of(Step::hang().times(9)));
    let (reviewed, account) = rig.ask().await;
    let Err(CallError::Died(Error::TimedOut(told))) = reviewed else {
        panic!("{reviewed:?}");
    };
    assert_eq!((told.bound(), told.attempts()), (Bound::Timeout, 2));
    assert_eq!((rig.server.count(), account.unknown), (2, 2));
    // tokio's timer may be late by two milliseconds.
    let expected = seconds(300.0)..=seconds(300.01);
    assert!(expected.contains(&rig.elapsed()), "{:?}", rig.elapsed());
}

#[tokio::test(start_paused = true)]
async fn each_service_has_its_own_breaker() {
    let state = |provider: Provider| Breaker::find(provider.name()).map(|breaker| breaker.state());
    for (sick, well) in [(Anthropic, Gemini), (Gemini, OpenAi), (OpenAi, Anthropic)] {
        let rig = Rig::new(sick, Plan::of(status(503).times(500)));
        let other = Rig::beside(well, Plan::healthy());
        assert!(rig.ask().await.0.is_err());
        assert_eq!(state(sick), Some(State::Open));
        assert_eq!(state(well), None, "nobody has asked it");
        let begun = other.elapsed();
        assert!(other.ask().await.0.is_ok());
        assert_eq!(
            (other.server.count(), other.elapsed()),
            (1, begun),
            "at once"
        );
        assert_eq!(state(well), Some(State::Closed));
    }
}

/// A budget lets 30 retries through that come all at once, and one for every five calls.
#[tokio::test(start_paused = true)]
async fn each_service_has_its_own_budget() {
    for (spent, full) in [(Anthropic, Gemini), (Gemini, OpenAi), (OpenAi, Anthropic)] {
        let rig = Rig::new(spent, Plan::of(status(529).times(500)));
        let other = Rig::beside(full, Plan::of([status(529)]));
        let at_once = CallSettings::new()
            .with_initial_wait(Duration::ZERO)
            .with_max_wait(Duration::ZERO);
        let name = format!("{}.ask", spent.name());
        settings::apply(Settings::new().with_call(name, at_once)).unwrap();
        for asked in [31, 32, 33] {
            let (reviewed, _) = rig.ask().await;
            assert!(matches!(reviewed, Err(CallError::Answered { .. })));
            assert_eq!(rig.server.count(), asked);
        }
        assert!(other.ask().await.0.is_ok());
        assert_eq!(other.server.count(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_busy_service_is_not_a_sick_one() {
    let rig = Rig::new(Gemini, Plan::of(status(429).times(6)));
    let (reviewed, _) = rig.ask().await;
    assert_eq!((reviewed.is_ok(), rig.server.count()), (true, 7));
    let changes = Breaker::find("gemini").unwrap().snapshot();
    assert_eq!(changes.core.state, State::Closed);
    // Six failures would have opened it, and the seventh request would have waited for it: at least 30 s.
    let gaps: Vec<_> = rig
        .server
        .requests()
        .windows(2)
        .map(|pair| pair[1].at.abs_diff(pair[0].at))
        .collect();
    assert!(
        gaps[4] <= seconds(16.1) && gaps[5] <= seconds(32.1),
        "{gaps:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn settings_switch_the_protection_off_by_name() {
    let off = CallSettings::new().with_enabled(false);
    for provider in ALL {
        let rig = Rig::new(provider, Plan::of([status(503), Step::hang()]));
        let name = format!("{}.ask", provider.name());
        settings::apply(Settings::new().with_call(name, off)).unwrap();
        // No retry ..
        let (reviewed, account) = rig.ask().await;
        assert!(matches!(reviewed, Err(CallError::Answered { .. })));
        assert_eq!((rig.server.count(), account.attempts), (1, 1));
        // .. no deadline ..
        let day = Duration::from_secs(86_400);
        assert!(tokio::time::timeout(day, rig.ask()).await.is_err());
        assert_eq!(rig.server.count(), 2);
        // .. and no breaker, until it is switched on again.
        let breaker = Breaker::find(provider.name());
        let failures = breaker.map_or(0, |breaker| breaker.snapshot().core.consecutive_failures);
        assert_eq!(failures, 0);
        settings::apply(Settings::new()).unwrap();
        rig.server.set_plan(Plan::of([status(503)]));
        assert!(rig.ask().await.0.is_ok());
        assert_eq!(rig.server.count(), 4);
    }
}

#[tokio::test(start_paused = true)]
async fn settings_switch_a_breaker_off_and_leave_the_retries() {
    let rig = Rig::new(Anthropic, Plan::of(status(503).times(7)));
    let off = BreakerSettings::new().with_enabled(false);
    settings::apply(Settings::new().with_breaker("anthropic", off)).unwrap();
    assert!(rig.ask().await.0.is_ok());
    assert_eq!(rig.server.count(), 8);
    let breaker = Breaker::find("anthropic").unwrap();
    assert_eq!(breaker.state(), State::Disabled);
}

/// What the service can do to a call that passes by itself.
fn passing() -> [Step; 7] {
    [
        status(500),
        status(502),
        status(503),
        status(529),
        Step::retry_after(RetryAfter::Seconds(2)),
        Step::reset(),
        Step::truncated_transfer(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is drawn, seven waits of at most 1, 2, 4, .. 60 s end within 300 s.
    #[test]
    fn the_requests_are_one_more_than_the_failures(seed: u64, failures in 0_usize..8, which in 0_usize..3) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let rig = Rig::new(ALL[which], Plan::drawn(seed, failures, &passing()));
            let (reviewed, account) = rig.ask().await;
            prop_assert!(reviewed.is_ok());
            prop_assert_eq!(rig.server.count(), failures + 1);
            prop_assert_eq!(account.attempts as usize, failures + 1);
            prop_assert!(rig.elapsed() < Duration::from_secs(300));
            Ok(())
        })?;
    }
}
