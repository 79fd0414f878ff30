//! Shows the events of annotated calls and of their breakers, and counts them.
//!
//! The attributes emit `tracing` events under the target `wait_or_die`, and only for calls that failed at
//! least once, for changes of a breaker's state and, at level debug, for calls that it turned away. A layer of a
//! dozen lines is all it takes to show them.

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
    /// Ended because the breaker did not let the first or the next attempt through.
    pub(crate) rejected: u32,
    /// Milliseconds.
    pub(crate) waited: f64,
}

/// What became of one breaker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) opened: u32,
    /// Opened again by a probe that failed.
    pub(crate) reopened: u32,
    pub(crate) closed: u32,
}

/// Tallies of calls by operation, and of breakers by name.
#[derive(Debug, Default)]
struct Tallies {
    calls: BTreeMap<String, Tally>,
    breakers: BTreeMap<String, Changes>,
}

/// A layer that prints on a screen and keeps tallies; clones share them.
#[derive(Clone)]
pub(crate) struct Events {
    screen: Screen,
    tallies: Arc<Mutex<Tallies>>,
}

impl Events {
    pub(crate) fn new(screen: Screen) -> Self {
        Self {
            screen,
            tallies: Arc::default(),
        }
    }

    pub(crate) fn tallies(&self) -> BTreeMap<String, Tally> {
        self.locked().calls.clone()
    }

    pub(crate) fn breakers(&self) -> BTreeMap<String, Changes> {
        self.locked().breakers.clone()
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Tallies> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, seen: &Seen) {
        let mut tallies = self.locked();
        if seen.is_change() {
            let changes = tallies.breakers.entry(seen.breaker.clone()).or_default();
            match seen.message.as_str() {
                "breaker opened" => changes.opened += 1,
                "breaker reopened" => changes.reopened += 1,
                "breaker closed" => changes.closed += 1,
                _ => {}
            }
            return;
        }
        let tally = tallies.calls.entry(seen.operation.clone()).or_default();
        match seen.message.as_str() {
            _ if seen.is_rejection() => tally.rejected += 1,
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
    breaker: String,
    from: String,
    to: String,
    cause: String,
    fields: String,
    /// Has been filtered: the attributes tell nothing else.
    error: String,
    attempt: u64,
    attempts_allowed: u64,
    attempts: u64,
    wait_ms: f64,
    elapsed_ms: f64,
    /// Not where only a hand can let calls through again.
    retry_in_ms: Option<f64>,
}

impl Seen {
    /// Whether a breaker changed its state, which is no call's doing.
    fn is_change(&self) -> bool {
        self.operation.is_empty() && !self.breaker.is_empty()
    }

    /// Whether a breaker ended a call: before its first attempt, or before another one.
    fn is_rejection(&self) -> bool {
        self.message == "rejected" || self.reason == "breaker_open"
    }

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
            breaker,
            ..
        } = self;
        let about = self.about();
        match self.message.as_str() {
            "retrying" => format!(
                "  {operation}: attempt {attempt} of {attempts_allowed} failed ({verdict}), \
                 next in {:.0} ms{about}",
                self.wait_ms
            ),
            "recovered" => format!(
                "  {operation}: succeeded at attempt {} after {elapsed_ms:.0} ms",
                self.attempts
            ),
            "gave up" if self.is_final() => {
                format!("  {operation}: attempt {attempt} failed ({verdict}), not retried{about}")
            }
            // Told by the attempt that opened the breaker, or by the next one that it did not let through.
            "gave up" if self.is_rejection() => format!(
                "  {operation}: gave up at attempt {} after {elapsed_ms:.0} ms ({}){about}",
                attempt.max(&self.attempts),
                self.reason
            ),
            "gave up" => format!(
                "  {operation}: gave up at attempt {attempt} of {attempts_allowed} \
                 after {elapsed_ms:.0} ms ({}){about}",
                self.reason
            ),
            "rejected" => format!(
                "  {operation}: rejected without an attempt{}",
                self.retry_in()
            ),
            _ if self.is_change() => format!(
                "  breaker {breaker}: {} -> {} ({}){}",
                self.from,
                self.to,
                self.cause,
                self.retry_in()
            ),
            message if self.order.is_empty() => message.to_owned(),
            message => format!("{}: {message}", self.order),
        }
    }

    /// What the call said of its arguments, and the error of its last attempt, to where it goes into details.
    fn about(&self) -> String {
        let error = self.error.split("; ").next().unwrap_or_default();
        let told = [self.fields.as_str(), error].into_iter();
        let told = told.filter(|text| !text.is_empty());
        told.fold(String::new(), |about, text| about + "; " + text)
    }

    /// When the breaker may let a call through.
    fn retry_in(&self) -> String {
        self.retry_in_ms
            .map(|millis| format!(", retry_in {millis:.0} ms"))
            .unwrap_or_default()
    }

    fn text(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "message" => Some(&mut self.message),
            "operation" => Some(&mut self.operation),
            "order" => Some(&mut self.order),
            "verdict" => Some(&mut self.verdict),
            "reason" => Some(&mut self.reason),
            "breaker" => Some(&mut self.breaker),
            "from" => Some(&mut self.from),
            "to" => Some(&mut self.to),
            "cause" => Some(&mut self.cause),
            "fields" => Some(&mut self.fields),
            "error" => Some(&mut self.error),
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
            "retry_in_ms" => self.retry_in_ms = Some(value),
            _ => {}
        }
    }
}
