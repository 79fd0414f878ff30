//! Shows the events of annotated calls and of their breakers, a line each.

use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

/// A layer that prints what the attributes emit, under the target `wait_or_die`. Its texts have been filtered.
pub(crate) struct Events;

impl<S: Subscriber> Layer<S> for Events {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        if event.metadata().target() == "wait_or_die" {
            let mut seen = Seen::default();
            event.record(&mut seen);
            println!("{}", seen.line());
        }
    }
}

#[derive(Debug, Default)]
struct Seen {
    message: String,
    operation: String,
    error: String,
    reason: String,
    breaker: String,
    cause: String,
    attempt: u64,
    attempts: u64,
    wait_ms: f64,
    elapsed_ms: f64,
}

impl Seen {
    fn line(&self) -> String {
        let Self {
            message,
            operation,
            error,
            reason,
            breaker,
            cause,
            ..
        } = self;
        match message.as_str() {
            "retrying" => format!(
                "  {operation}: attempt {} failed, next in {:.0} ms: {error}",
                self.attempt, self.wait_ms
            ),
            "recovered" => format!(
                "  {operation}: succeeded at attempt {} after {:.0} ms",
                self.attempts, self.elapsed_ms
            ),
            "gave up" => format!(
                "  {operation}: gave up ({reason}) after {:.0} ms: {error}",
                self.elapsed_ms
            ),
            message if operation.is_empty() && !breaker.is_empty() => {
                format!("  {message}: {breaker} ({cause})")
            }
            message => format!("  {operation}: {message} {error}"),
        }
    }
}

impl Visit for Seen {
    fn record_str(&mut self, field: &Field, value: &str) {
        let own = match field.name() {
            "message" => &mut self.message,
            "operation" => &mut self.operation,
            "error" => &mut self.error,
            "reason" => &mut self.reason,
            "breaker" => &mut self.breaker,
            "cause" => &mut self.cause,
            _ => return,
        };
        value.clone_into(own);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "attempt" => self.attempt = value,
            "attempts" => self.attempts = value,
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

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut text = String::new();
        // Writing to a string does not fail; a `Debug` that does leaves what it has written.
        let _ = write!(text, "{value:?}");
        self.record_str(field, &text);
    }
}
