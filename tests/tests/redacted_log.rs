//! A log as a program prints it, with colours, filtered as a whole.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing_subscriber::layer::SubscriberExt as _;
use wait_or_die::{redact, wait_or_die};

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What `log` prints, in colours or not.
fn printed(colours: bool, log: impl FnOnce()) -> String {
    let shared = Shared::default();
    let made = shared.clone();
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(colours)
        .with_writer(redact::MakeWriter::new(move || made.clone()));
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(subscriber, log);
    let text = shared.0.lock().unwrap().clone();
    String::from_utf8(text).unwrap()
}

#[wait_or_die(timeout = "5s", max_retries = 1, initial_wait = "1ms", jitter = none)]
fn connect(url: &str) -> io::Result<()> {
    tracing::warn!(url, password = %"hunter2secret", "connecting");
    Err(io::Error::other(format!("cannot reach {url}")))
}

#[test]
fn no_event_of_any_crate_shows_the_secret() {
    for colours in [false, true] {
        let text = printed(colours, || {
            let span = tracing::info_span!("start", password = %"hunter2secret");
            span.in_scope(|| connect("db://h/?password=hunter2secret").unwrap_err());
            tracing::info!(password = %"hunter2secret", "in the end");
        });
        assert!(!text.contains("hunter2secret"), "{text}");
        assert!(text.matches("[REDACTED]").count() >= 4, "{text}");
        assert!(text.contains("in the end"), "{text}");
    }
}

#[test]
fn a_clean_event_keeps_its_colours() {
    let text = printed(true, || tracing::info!(port = 5432, "connected"));
    assert!(text.contains("\u{1b}[32m INFO\u{1b}[0m"), "{text:?}");
    assert!(text.ends_with("5432\n"), "{text:?}");
}
