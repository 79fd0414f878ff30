//! Without the feature `resilience` a call is what its body is.

use std::time::Duration;

use wait_or_die::Breaker;
use wait_or_die_example_faults::{Plan, Step};

use crate::error::CallError;
use crate::provider::Provider;
use crate::rig::{Rig, status};

#[tokio::test(start_paused = true)]
async fn a_call_is_one_attempt() {
    let rig = Rig::new(Provider::Anthropic, Plan::of([status(503)]));
    for (asked, outcome) in [(1, false), (2, true)] {
        let (answer, account) = rig.ask().await;
        assert_eq!(
            (rig.server.count(), account.attempts, answer.is_ok()),
            (asked, 1, outcome)
        );
    }
    assert!(Breaker::find("anthropic").is_none());
}

#[tokio::test(start_paused = true)]
async fn nothing_cuts_it_off() {
    let rig = Rig::new(Provider::Gemini, Plan::of([Step::hang()]));
    let day = Duration::from_secs(86_400);
    assert!(tokio::time::timeout(day, rig.ask()).await.is_err());
    assert_eq!((rig.server.count(), rig.elapsed()), (1, day));
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_one_attempt_too() {
    let rig = Rig::new(Provider::OpenAi, Plan::of([Step::reset()]));
    let (answer, account, _) = rig.stream().await;
    assert!(matches!(answer, Err((CallError::Lost { .. }, None))));
    assert_eq!((rig.server.count(), account.attempts), (1, 1));
}
