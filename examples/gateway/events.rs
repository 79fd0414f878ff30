//! Shows the events of annotated calls, and counts them.
//!
//! The attribute emits `tracing` events under the target `wait_or_die`, and only for calls that failed at
//! least once. A layer of a dozen lines is all it takes to show them.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use crate::render::Screen;

/// What became of the calls of one operation that failed at least once.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) retries: u32,
    pub(crate) recovered: u32,
    /// Ended by an error that no attempt would mend.
    pub(crate) not_retried: u32,
    /// Ended because attempts or time were used up.
    pub(crate) gave_up: u32,
    /// Milliseconds.
    pub(crate) waited: f64,
}

/// A layer that prints on a screen and keeps tallies by operation; clones share them.
#[derive(Clone)]
pub(crate) struct Events {
    screen: Screen,
    tallies: Arc<Mutex<BTreeMap<String, Tally>>>,
}

impl Events {
    pub(crate) fn new(screen: Screen) -> Self {
        Self {
            screen,
            tallies: Arc::default(),
        }
    }

    pub(crate) fn tallies(&self) -> BTreeMap<String, Tally> {
        self.locked().clone()
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Tally>> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, seen: &Seen) {
        let mut tallies = self.locked();
        let tally = tallies.entry(seen.operation.clone()).or_default();
        match seen.message.as_str() {
            "retrying" => {
                tally.retries += 1;
                tally.waited += seen.wait_ms;
            }
            "recovered" => tally.recovered += 1,
            _ if seen.is_final() => tally.not_retried += 1,
            _ => tally.gave_up += 1,
        }
    }
}

impl<S: Subscriber> Layer<S> for Events {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let target = event.metadata().target();
        if target != "wait_or_die" && target != "gateway" {
            return;
        }
        let mut seen = Seen::default();
        event.record(&mut seen);
        if target == "wait_or_die" {
            self.count(&seen);
        }
        self.screen.event(&seen.line());
    }
}

/// The fields of an event that are shown.
#[derive(Debug, Default)]
struct Seen {
    message: String,
    operation: String,
    order: String,
    verdict: String,
    reason: String,
    attempt: u64,
    attempts_allowed: u64,
    attempts: u64,
    wait_ms: f64,
    elapsed_ms: f64,
}

impl Seen {
    fn is_final(&self) -> bool {
        self.reason == "not_retryable"
    }

    fn line(&self) -> String {
        let Self {
            operation,
            verdict,
            attempt,
            attempts_allowed,
            elapsed_ms,
            ..
        } = self;
        match self.message.as_str() {
            "retrying" => format!(
                "  {operation}: attempt {attempt} of {attempts_allowed} failed ({verdict}), \
                 next in {:.0} ms",
                self.wait_ms
            ),
            "recovered" => format!(
                "  {operation}: succeeded at attempt {} after {elapsed_ms:.0} ms",
                self.attempts
            ),
            "gave up" if self.is_final() => {
                format!("  {operation}: attempt {attempt} failed ({verdict}), not retried")
            }
            "gave up" => format!(
                "  {operation}: gave up at attempt {attempt} of {attempts_allowed} \
                 after {elapsed_ms:.0} ms ({})",
                self.reason
            ),
            message if self.order.is_empty() => message.to_owned(),
            message => format!("{}: {message}", self.order),
        }
    }

    fn text(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "message" => Some(&mut self.message),
            "operation" => Some(&mut self.operation),
            "order" => Some(&mut self.order),
            "verdict" => Some(&mut self.verdict),
            "reason" => Some(&mut self.reason),
            _ => None,
        }
    }
}

impl Visit for Seen {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if let Some(text) = self.text(field.name()) {
            text.clear();
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{value:?}");
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if let Some(text) = self.text(field.name()) {
            value.clone_into(text);
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "attempt" => self.attempt = value,
            "attempts" => self.attempts = value,
            "attempts_allowed" => self.attempts_allowed = value,
            _ => {}
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        match field.name() {
            "wait_ms" => self.wait_ms = value,
            "elapsed_ms" => self.elapsed_ms = value,
            _ => {}
        }
    }
}
