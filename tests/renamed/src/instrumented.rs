//! Beside `#[tracing::instrument]`: above the attribute it stands for each attempt, below it for
//! the whole call.

use std::io;
use std::sync::{Arc, Mutex};

use resilience::wait_or_die;
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
