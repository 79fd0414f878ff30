//! The log of `tracing-subscriber`.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::super::MakeWriter;

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

/// What is logged by `log`.
fn logged(log: impl FnOnce()) -> String {
    let text = Shared::default();
    let made = text.clone();
    let subscriber = tracing_subscriber::fmt()
        .without_time()
        .with_target(false)
        .with_ansi(false)
        .with_writer(MakeWriter::new(move || made.clone()))
        .finish();
    tracing::subscriber::with_default(subscriber, log);
    let text = text.0.lock().unwrap().clone();
    String::from_utf8(text).unwrap()
}

#[test]
fn messages_fields_and_spans_are_filtered() {
    let text = logged(|| {
        let span = tracing::info_span!("call", url = "postgres://h/?password=hunter2secret");
        let _entered = span.enter();
        tracing::info!(password = %"hunter2secret", user = "svc", "connecting");
        tracing::error!("refused: password=hunter2secret");
    });
    assert!(!text.contains("hunter2secret"), "{text}");
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("user=\"svc\""), "{text}");
    assert!(text.contains("refused: password=[REDACTED]\n"), "{text}");
}

#[test]
fn the_lines_of_one_event_are_filtered_together() {
    let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG\n-----END PRIVATE KEY-----";
    let text = logged(|| tracing::info!("read\n{key}\nand closed"));
    assert!(!text.contains("MIIE") && !text.contains("hkiG"), "{text}");
    assert!(text.ends_with("\nand closed\n"), "{text}");
}

#[test]
fn a_clean_event_is_as_it_was() {
    let text = logged(|| tracing::info!(port = 5432, "connected"));
    assert_eq!(text, " INFO connected port=5432\n");
}
