//! Which events tell of a call that a breaker stops, and of a protection inside another call.

use std::future::ready;
use std::io;
use std::time::Duration;

use wait_or_die::{Breaker, BreakerPolicy, Jitter, Protection, RetryPolicy, testing, wait_or_die};
use wait_or_die_tests::events::{Capture, Event};
use wait_or_die_tests::refused;

/// One second between attempts.
const RETRIES: RetryPolicy = RetryPolicy::new()
    .with_initial_wait(Duration::from_secs(1))
    .with_max_wait(Duration::from_secs(1))
    .with_jitter(Jitter::None);

/// The dependency's answer.
fn answer(fails: bool) -> io::Result<u32> {
    if fails { Err(refused()) } else { Ok(1) }
}

/// The events with one of these messages.
fn told(capture: &Capture, messages: &[&str]) -> Vec<Event> {
    let mut events = capture.events();
    events.retain(|event| messages.contains(&event["message"].as_str()));
    events
}

fn of<'a>(event: &'a Event, field: &str) -> &'a str {
    event.get(field).map_or("", String::as_str)
}

#[tokio::test(start_paused = true)]
async fn a_call_that_has_waited_in_vain_gives_up_loudly() {
    let capture = Capture::begin();
    let _scope = testing::scope(1);
    let breaker = Breaker::new("backend", BreakerPolicy::new()).unwrap();
    breaker.force_open();
    let protection = Protection::new("patient.ask", RETRIES)
        .with_breaker(breaker)
        .waiting_when_open();
    let out = protection.run(|| ready(answer(false))).await;
    out.unwrap_err();
    let [event] = &told(&capture, &["gave up", "rejected"])[..] else {
        panic!("one event");
    };
    assert_eq!(
        (of(event, "message"), of(event, "level")),
        ("gave up", "ERROR")
    );
    assert_eq!(of(event, "operation"), "patient.ask");
    assert_eq!(of(event, "reason"), "breaker_open");
    assert_eq!(of(event, "state"), "forced_open");
    assert_eq!(
        (of(event, "attempts"), of(event, "elapsed_ms")),
        ("0", "300000.0")
    );
}

#[test]
fn so_does_a_plain_one() {
    let capture = Capture::begin();
    let _scope = testing::scope(1);
    let breaker = Breaker::new("backend", BreakerPolicy::new()).unwrap();
    breaker.force_open();
    let protection = Protection::new("patient.ask", RETRIES)
        .with_breaker(breaker)
        .waiting_when_open();
    protection.run_blocking(|| answer(false)).unwrap_err();
    let [event] = &told(&capture, &["gave up", "rejected"])[..] else {
        panic!("one event");
    };
    assert_eq!(
        (of(event, "message"), of(event, "level")),
        ("gave up", "ERROR")
    );
    assert_eq!(of(event, "elapsed_ms"), "300000.0");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_refused_at_once_is_told_softly() {
    let capture = Capture::begin();
    let _scope = testing::scope(1);
    let breaker = Breaker::new("backend", BreakerPolicy::new()).unwrap();
    breaker.force_open();
    let protection = Protection::new("ask", RETRIES).with_breaker(breaker);
    let out = protection.run(|| ready(answer(false))).await;
    out.unwrap_err();
    let [event] = &told(&capture, &["gave up", "rejected"])[..] else {
        panic!("one event");
    };
    assert_eq!(
        (of(event, "message"), of(event, "level")),
        ("rejected", "DEBUG")
    );
}

#[tokio::test(start_paused = true)]
async fn a_protection_inside_another_call_is_told_once() {
    #[wait_or_die(max_retries = 0)]
    async fn outer(protection: &Protection) -> io::Result<()> {
        for _ in 0..5 {
            protection.run(|| ready(answer(true))).await.unwrap_err();
        }
        protection
            .clone()
            .run(|| ready(answer(true)))
            .await
            .unwrap_err();
        Ok(())
    }
    let capture = Capture::begin();
    let _scope = testing::scope(1);
    let breaker = Breaker::new("backend", BreakerPolicy::new().with_failure_threshold(99)).unwrap();
    let bare = Protection::new("inner.bare", RETRIES.with_max_retries(1));
    let guarded =
        Protection::new("inner.guarded", RETRIES.with_max_retries(1)).with_breaker(breaker);
    outer(&bare).await.unwrap();
    outer(&guarded).await.unwrap();
    let nested = told(&capture, &["retries inside another call's attempt"]);
    let operations: Vec<_> = nested.iter().map(|event| of(event, "operation")).collect();
    assert_eq!(operations, ["inner.bare", "inner.guarded"]);
}
