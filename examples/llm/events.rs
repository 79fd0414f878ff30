//! Shows the events of annotated calls and of their breakers.
//!
//! The attributes emit `tracing` events under the target `wait_or_die`, and only for calls that failed at least once, for
//! changes of a breaker's state and, at level debug, for calls that it turned away. Nothing in them is the document's: what
//! `fields(..)` asks for is the model's name, and errors hold no text of the services.

use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use crate::render::Screen;

/// A layer that prints on a screen.
#[derive(Clone)]
pub(crate) struct Events(Screen);

impl Events {
    pub(crate) const fn new(screen: Screen) -> Self {
        Self(screen)
    }
}

impl<S: Subscriber> Layer<S> for Events {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        if event.metadata().target() != "wait_or_die" {
            return;
        }
        let mut seen = Seen::default();
        event.record(&mut seen);
        self.0.event(&seen.line());
    }
}

/// The fields of an event that are shown.
#[derive(Debug, Default)]
struct Seen {
    message: String,
    operation: String,
    verdict: String,
    reason: String,
    breaker: String,
    from: String,
    to: String,
    cause: String,
    /// Has been filtered.
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
    fn line(&self) -> String {
        let Self {
            operation,
            verdict,
            attempt,
            attempts_allowed,
            elapsed_ms,
            error,
            ..
        } = self;
        match self.message.as_str() {
            "retrying" => format!(
                "{operation}: attempt {attempt} of {attempts_allowed} failed ({verdict}), next in {:.0} ms; {error}",
                self.wait_ms
            ),
            "recovered" => format!(
                "{operation}: succeeded at attempt {} after {elapsed_ms:.0} ms",
                self.attempts
            ),
            "gave up" if self.reason == "not_retryable" => {
                format!("{operation}: attempt {attempt} failed ({verdict}), not retried; {error}")
            }
            "gave up" => format!(
                "{operation}: gave up at attempt {} after {elapsed_ms:.0} ms ({}); {error}",
                attempt.max(&self.attempts),
                self.reason
            ),
            "rejected" => format!(
                "{operation}: rejected without an attempt{}",
                self.retry_in()
            ),
            _ if operation.is_empty() && !self.breaker.is_empty() => format!(
                "breaker {}: {} -> {} ({}){}",
                self.breaker,
                self.from,
                self.to,
                self.cause,
                self.retry_in()
            ),
            message => message.to_owned(),
        }
    }

    /// When the breaker may let a call through.
    fn retry_in(&self) -> String {
        let told = self
            .retry_in_ms
            .map(|millis| format!(", again in {millis:.0} ms"));
        told.unwrap_or_default()
    }

    fn text(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "message" => Some(&mut self.message),
            "operation" => Some(&mut self.operation),
            "verdict" => Some(&mut self.verdict),
            "reason" => Some(&mut self.reason),
            "breaker" => Some(&mut self.breaker),
            "from" => Some(&mut self.from),
            "to" => Some(&mut self.to),
            "cause" => Some(&mut self.cause),
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
