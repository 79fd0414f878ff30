//! Which events tell of a call that a breaker stops, and of a protection inside another call.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::ready;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use wait_or_die::{Protection, testing, wait_or_die};

use super::*;

type Event = BTreeMap<String, String>;

#[derive(Clone, Default)]
struct Capture(Arc<Mutex<Vec<Event>>>);

struct Fields<'a>(&'a mut Event);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl<S: tracing::Subscriber> Layer<S> for Capture {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut seen = Event::new();
        event.record(&mut Fields(&mut seen));
        seen.insert("level".to_owned(), event.metadata().level().to_string());
        self.0.lock().unwrap().push(seen);
    }
}

impl Capture {
    fn install(&self) -> tracing::subscriber::DefaultGuard {
        tracing::subscriber::set_default(tracing_subscriber::registry().with(self.clone()))
    }

    /// The events with one of these messages.
    fn told(&self, messages: &[&str]) -> Vec<Event> {
        let mut events = self.0.lock().unwrap().clone();
        events.retain(|event| messages.contains(&event["message"].as_str()));
        events
    }
}

fn of<'a>(event: &'a Event, field: &str) -> &'a str {
    event.get(field).map_or("", String::as_str)
}

#[tokio::test(start_paused = true)]
async fn a_call_that_has_waited_in_vain_gives_up_loudly() {
    let capture = Capture::default();
    let _installed = capture.install();
    let _scope = testing::scope(1);
    let breaker = Breaker::new("backend", BreakerPolicy::new()).unwrap();
    breaker.force_open();
    let protection = Protection::new("patient.ask", RETRIES)
        .with_breaker(breaker)
        .waiting_when_open();
    let out = protection.run(|| ready(answer(false))).await;
    out.unwrap_err();
    let [event] = &capture.told(&["gave up", "rejected"])[..] else {
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
    let capture = Capture::default();
    let _installed = capture.install();
    let _scope = testing::scope(1);
    let breaker = Breaker::new("backend", BreakerPolicy::new()).unwrap();
    breaker.force_open();
    let protection = Protection::new("patient.ask", RETRIES)
        .with_breaker(breaker)
        .waiting_when_open();
    protection.run_blocking(|| answer(false)).unwrap_err();
    let [event] = &capture.told(&["gave up", "rejected"])[..] else {
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
    let capture = Capture::default();
    let _installed = capture.install();
    let _scope = testing::scope(1);
    let breaker = Breaker::new("backend", BreakerPolicy::new()).unwrap();
    breaker.force_open();
    let protection = Protection::new("ask", RETRIES).with_breaker(breaker);
    let out = protection.run(|| ready(answer(false))).await;
    out.unwrap_err();
    let [event] = &capture.told(&["gave up", "rejected"])[..] else {
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
    let capture = Capture::default();
    let _installed = capture.install();
    let _scope = testing::scope(1);
    let breaker = Breaker::new("backend", BreakerPolicy::new().with_failure_threshold(99)).unwrap();
    let bare = Protection::new("inner.bare", RETRIES.with_max_retries(1));
    let guarded =
        Protection::new("inner.guarded", RETRIES.with_max_retries(1)).with_breaker(breaker);
    outer(&bare).await.unwrap();
    outer(&guarded).await.unwrap();
    let nested = capture.told(&["retries inside another call's attempt"]);
    let operations: Vec<_> = nested.iter().map(|event| of(event, "operation")).collect();
    assert_eq!(operations, ["inner.bare", "inner.guarded"]);
}
