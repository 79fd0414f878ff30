//! Shows the events of annotated calls and of their breakers, a line each, and counts them.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, Uptime};
use tracing_subscriber::layer::{Context, Layer};
use wait_or_die::redact;

/// What of one operation is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) retries: u32,
    pub(crate) recovered: u32,
    pub(crate) gave_up: u32,
}

/// A layer; clones share their counts and their clock.
#[derive(Clone)]
pub(crate) struct Events {
    since: Arc<Uptime>,
    to_stderr: bool,
    tallies: Arc<Mutex<BTreeMap<String, Tally>>>,
}

impl Events {
    /// To standard error where standard output is for what was asked.
    pub(crate) fn new(to_stderr: bool) -> Self {
        Self {
            since: Arc::new(Uptime::default()),
            to_stderr,
            tallies: Arc::default(),
        }
    }

    /// Prints a line with the seconds since the start, secrets hidden.
    pub(crate) fn line(&self, text: &str) {
        let mut time = String::new();
        // Writing to a `String` cannot fail.
        let _ = self.since.format_time(&mut Writer::new(&mut time));
        let time = time.trim();
        let seconds = time.get(..time.len().saturating_sub(7)).unwrap_or(time);
        let text = redact::filter(text);
        if self.to_stderr {
            eprintln!("{seconds:>7}s  {text}");
        } else {
            println!("{seconds:>7}s  {text}");
        }
    }

    pub(crate) fn tallies(&self) -> BTreeMap<String, Tally> {
        self.locked().clone()
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<String, Tally>> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, seen: &Seen) {
        let mut tallies = self.locked();
        let tally = tallies.entry(seen.operation.clone()).or_default();
        match seen.message.as_str() {
            "retrying" => tally.retries += 1,
            "recovered" => tally.recovered += 1,
            "gave up" | "rejected" => tally.gave_up += 1,
            _ => {}
        }
    }
}

impl<S: Subscriber> Layer<S> for Events {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        if event.metadata().target() != "wait_or_die" {
            return;
        }
        let mut seen = Seen::default();
        event.record(&mut seen);
        if seen.operation == "server.start" {
            return; // ours to wait for, and nothing that is shown
        }
        if !seen.operation.is_empty() {
            self.count(&seen);
        }
        if let Some(line) = seen.line() {
            self.line(&format!("  {line}"));
        }
    }
}

/// The fields of an event that are shown. Texts in it have been filtered: the attributes tell nothing else.
#[derive(Debug, Default)]
struct Seen {
    message: String,
    operation: String,
    breaker: String,
    from: String,
    to: String,
    reason: String,
    error: String,
    attempt: u64,
    attempts: u64,
    attempts_allowed: u64,
    wait_ms: f64,
    elapsed_ms: f64,
}

/// In milliseconds below a second.
fn shown(millis: f64) -> String {
    if millis < 1000.0 {
        format!("{millis:.0} ms")
    } else {
        format!("{:.1} s", millis / 1000.0)
    }
}

impl Seen {
    fn line(&self) -> Option<String> {
        let Self {
            operation,
            attempt,
            attempts_allowed,
            error,
            ..
        } = self;
        Some(match self.message.as_str() {
            "retrying" => format!(
                "{operation}: attempt {attempt} of {attempts_allowed} failed, next in {}; {error}",
                shown(self.wait_ms)
            ),
            "recovered" => format!(
                "{operation}: succeeded at attempt {} after {}",
                self.attempts,
                shown(self.elapsed_ms)
            ),
            "gave up" => format!("{operation}: gave up ({}); {error}", self.reason),
            // Each call that an open breaker turns away; the change of its state was told.
            "rejected" => return None,
            _ if operation.is_empty() && !self.breaker.is_empty() => {
                format!("breaker {}: {} -> {}", self.breaker, self.from, self.to)
            }
            message => format!("{operation}: {message}"),
        })
    }

    fn text(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "message" => Some(&mut self.message),
            "operation" => Some(&mut self.operation),
            "breaker" => Some(&mut self.breaker),
            "from" => Some(&mut self.from),
            "to" => Some(&mut self.to),
            "reason" => Some(&mut self.reason),
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
            _ => {}
        }
    }
}
