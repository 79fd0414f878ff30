//! How often an error is formatted, and what becomes of one that cannot be.

use std::fmt::{Display, Formatter};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use wait_or_die::wait_or_die;
use wait_or_die_tests::events::Capture;

/// Counts how often its text is asked for; panics in place of the text, if it is to.
#[derive(Debug, Default)]
struct Counted {
    shown: AtomicU32,
    panics: bool,
}

impl Display for Counted {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        self.shown.fetch_add(1, Ordering::Relaxed);
        assert!(!self.panics, "in a display");
        f.write_str("busy, password=hunter2secret")
    }
}

impl std::error::Error for Counted {}

#[wait_or_die(timeout = "1h", max_retries = 2, jitter = none, attempt = attempt, retry_if = |_: &io::Error| true)]
async fn busy(error: &Arc<Counted>, seen: &mut Vec<String>) -> io::Result<()> {
    seen.extend(attempt.last_error().map(ToString::to_string));
    Err(io::Error::other(Arc::clone(error)))
}

#[tokio::test(start_paused = true)]
async fn an_error_is_formatted_at_most_once_and_that_of_the_last_attempt_only_for_who_listens() {
    // Nobody in this process listens yet.
    let seen_by_the_body = ["busy, password=[REDACTED]"; 2];
    let (error, mut seen) = (Arc::<Counted>::default(), Vec::new());
    busy(&error, &mut seen).await.unwrap_err();
    assert_eq!(seen, seen_by_the_body);
    assert_eq!(error.shown.load(Ordering::Relaxed), 2);

    let capture = Capture::begin();
    let (error, mut seen) = (Arc::<Counted>::default(), Vec::new());
    busy(&error, &mut seen).await.unwrap_err();
    assert_eq!(seen, seen_by_the_body);
    assert_eq!(error.shown.load(Ordering::Relaxed), 3);
    assert_eq!(capture.take()[2]["error"], "busy, password=[REDACTED]");

    // One that panics when it is printed does not end the call.
    let error = Arc::new(Counted {
        panics: true,
        ..Counted::default()
    });
    let mut seen = Vec::new();
    busy(&error, &mut seen).await.unwrap_err();
    assert_eq!(seen, ["[unprintable]"; 2]);
    let texts = capture
        .events()
        .into_iter()
        .map(|event| event["error"].clone());
    assert!(texts.eq(["[unprintable]"; 3]));
}
