//! What is told through `tracing`.

use wait_or_die::{Breaker, BreakerPolicy};

use super::lines::Lines;
use super::{seconds, threshold};

fn reopening() -> BreakerPolicy {
    threshold(1).with_recovery_timeout(seconds(10))
}

#[tokio::test(start_paused = true)]
async fn each_change_of_state_is_told_once() {
    let lines = Lines::listen();
    let breaker = Breaker::new("events", reopening()).unwrap();
    breaker.acquire().unwrap().failure();
    tokio::time::advance(seconds(10)).await;
    breaker.acquire().unwrap().failure();
    tokio::time::advance(seconds(10)).await;
    breaker.acquire().unwrap().success();
    breaker.force_open();
    let expected = [
        "WARN wait_or_die message=breaker opened breaker=events from=closed to=open cause=failure_threshold retry_in_ms=10000.0",
        "INFO wait_or_die message=breaker half-open breaker=events from=open to=half_open cause=recovery",
        "WARN wait_or_die message=breaker reopened breaker=events from=half_open to=open cause=probe_failed retry_in_ms=10000.0",
        "INFO wait_or_die message=breaker half-open breaker=events from=open to=half_open cause=recovery",
        "INFO wait_or_die message=breaker closed breaker=events from=half_open to=closed cause=probes_succeeded",
        "INFO wait_or_die message=breaker set by hand breaker=events from=closed to=forced_open cause=manual",
    ];
    assert_eq!(lines.take(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_told_below_the_change_of_state() {
    let lines = Lines::listen();
    let breaker = Breaker::new("events", reopening()).unwrap().for_key("eu");
    breaker.acquire().unwrap().failure();
    assert!(breaker.acquire().is_err());
    assert_eq!(
        lines.take(),
        [
            "WARN wait_or_die message=breaker opened breaker=events key=eu from=closed to=open cause=failure_threshold retry_in_ms=10000.0",
            "DEBUG wait_or_die message=rejected trace_id=.. breaker=events key=eu state=open retry_in_ms=10000.0 attempts=0",
        ]
    );
}
