//! Beside `#[tracing::instrument]`: above the attribute it stands for each attempt, below it for
//! the whole call.

use std::io;
use std::sync::{Arc, Mutex};

use resilience::{circuit_breaker, wait_or_die};
use tracing::Subscriber;
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::answer;

/// The names of the spans that have been opened.
#[derive(Debug, Clone, Default)]
struct Opened(Arc<Mutex<Vec<&'static str>>>);

impl<S: Subscriber> Layer<S> for Opened {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        self.0.lock().unwrap().push(span.metadata().name());
    }
}

#[tracing::instrument(skip_all, fields(%text))]
#[wait_or_die(crate = ::resilience, max_retries = 3)]
async fn above(attempts: &mut u32, text: &str) -> io::Result<usize> {
    answer(attempts)?;
    Ok(text.len())
}

#[wait_or_die(crate = ::resilience, max_retries = 3)]
#[tracing::instrument(skip_all, fields(%text))]
async fn below(attempts: &mut u32, text: String) -> io::Result<usize> {
    answer(attempts)?;
    Ok(text.len())
}

// `#[instrument]` moves what the body owns, so that it is used up by each attempt.
#[tracing::instrument(skip_all)]
#[wait_or_die(crate = ::resilience, max_retries = 3, clone(text))]
async fn above_with_owned(attempts: &mut u32, text: String) -> io::Result<usize> {
    answer(attempts)?;
    Ok(text.len())
}

#[tracing::instrument(skip_all, err)]
#[wait_or_die(crate = ::resilience, max_retries = 3)]
fn above_plain(attempts: &mut u32, text: &str) -> io::Result<usize> {
    answer(attempts)?;
    Ok(text.len())
}

#[wait_or_die(crate = ::resilience, max_retries = 3)]
#[tracing::instrument(skip_all)]
fn below_plain(attempts: &mut u32, text: &str) -> io::Result<usize> {
    answer(attempts)?;
    Ok(text.len())
}

#[tokio::test(start_paused = true)]
async fn a_span_for_each_attempt_or_for_the_call() {
    let _scope = resilience::testing::scope(1);
    let opened = Opened::default();
    let subscriber = tracing_subscriber::registry().with(opened.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    let spans = || std::mem::take(&mut *opened.0.lock().unwrap());

    assert_eq!(above(&mut 0, "text").await.unwrap(), 4);
    assert_eq!(spans(), ["above", "above"]);
    assert_eq!(below(&mut 0, "text".to_owned()).await.unwrap(), 4);
    assert_eq!(spans(), ["below"]);
    assert_eq!(
        above_with_owned(&mut 0, "text".to_owned()).await.unwrap(),
        4
    );
    assert_eq!(spans(), ["above_with_owned", "above_with_owned"]);
    assert_eq!(above_plain(&mut 0, "text").unwrap(), 4);
    assert_eq!(spans(), ["above_plain", "above_plain"]);
    assert_eq!(below_plain(&mut 0, "text").unwrap(), 4);
    assert_eq!(spans(), ["below_plain"]);
}

#[tracing::instrument(skip_all)]
#[circuit_breaker(crate = ::resilience, name = "traced", failure_threshold = 2)]
#[wait_or_die(crate = ::resilience, max_retries = 7)]
async fn above_both(attempts: &mut u32, text: &str) -> io::Result<usize> {
    *attempts += 1;
    Err(crate::refused(text))
}

#[circuit_breaker(crate = ::resilience, name = "traced", failure_threshold = 2)]
#[tracing::instrument(skip_all)]
#[wait_or_die(crate = ::resilience, max_retries = 7)]
async fn between(attempts: &mut u32, text: &str) -> io::Result<usize> {
    *attempts += 1;
    Err(crate::refused(text))
}

#[wait_or_die(crate = ::resilience, max_retries = 7)]
#[tracing::instrument(skip_all)]
#[circuit_breaker(crate = ::resilience, name = "traced", failure_threshold = 2)]
fn between_plain(attempts: &mut u32, text: &str) -> io::Result<usize> {
    *attempts += 1;
    Err(crate::refused(text))
}

#[circuit_breaker(crate = ::resilience, name = "traced", failure_threshold = 2)]
#[wait_or_die(crate = ::resilience, max_retries = 7)]
#[tracing::instrument(skip_all)]
async fn below_both(attempts: &mut u32, text: &str) -> io::Result<usize> {
    *attempts += 1;
    Err(crate::refused(text))
}

#[circuit_breaker(crate = ::resilience, name = "traced", failure_threshold = 2)]
#[tracing::instrument(skip_all)]
fn below_breaker(attempts: &mut u32, text: &str) -> io::Result<usize> {
    *attempts += 1;
    Err(crate::refused(text))
}

#[tokio::test(start_paused = true)]
async fn a_breaker_and_a_retry_are_one_wherever_the_span_stands() {
    let opened = Opened::default();
    let subscriber = tracing_subscriber::registry().with(opened.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    for form in 0..5 {
        let _scope = resilience::testing::scope(1);
        let mut attempts = 0;
        let (out, spans) = match form {
            0 => (above_both(&mut attempts, "x").await, &["above_both"; 2][..]),
            1 => (between(&mut attempts, "x").await, &["between"; 2][..]),
            2 => (between_plain(&mut attempts, "x"), &["between_plain"; 2][..]),
            3 => (below_both(&mut attempts, "x").await, &["below_both"][..]),
            _ => {
                let _ = below_breaker(&mut attempts, "x");
                let _ = below_breaker(&mut attempts, "x");
                let out = below_breaker(&mut attempts, "x");
                // The span is round the breaker too, so that a call which is rejected has one.
                (out, &["below_breaker"; 3][..])
            }
        };
        let seen = std::mem::take(&mut *opened.0.lock().unwrap());
        let error = out.unwrap_err();
        let told: &resilience::Error = error.get_ref().unwrap().downcast_ref().unwrap();
        assert_eq!((form, told.state().is_some(), attempts), (form, true, 2));
        assert_eq!(
            (form, told.attempts()),
            (form, if form < 4 { 2 } else { 0 })
        );
        assert_eq!((form, &seen[..]), (form, spans));
    }
}
