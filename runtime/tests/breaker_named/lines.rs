//! Events as lines of text.
#![allow(unreachable_pub)] // shared with unit tests

use std::cell::RefCell;
use std::fmt::{Debug, Write as _};
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

thread_local! {
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Keeps each event of a thread as one line: level, target, then the fields.
///
/// One subscriber for the whole program: with one for each test, a place that tells its first event while another
/// test's subscriber comes or goes may be taken for one that nobody listens to.
pub struct Lines(());

struct Line(String);

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        write!(self.0, " {}={value}", field.name()).unwrap();
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let value = match field.name() {
            "trace_id" => "..".to_owned(),
            _ => format!("{value:?}"),
        };
        write!(self.0, " {}={value}", field.name()).unwrap();
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(format!(
            "{} {}",
            event.metadata().level(),
            event.metadata().target()
        ));
        event.record(&mut line);
        LINES.with_borrow_mut(|lines| lines.push(line.0));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl Lines {
    /// Forgets what was told on this thread, and keeps what will be.
    pub fn listen() -> Self {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| tracing::subscriber::set_global_default(Self(())).unwrap());
        LINES.take();
        Self(())
    }

    /// What has been told since the last time.
    #[allow(clippy::unused_self)] // whoever takes has begun to listen
    pub fn take(&self) -> Vec<String> {
        LINES.take()
    }
}
