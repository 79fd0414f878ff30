//! A paused clock moves on when nobody has anything to do, and does not see that the ledger's own thread has.

use std::sync::mpsc::{Sender, channel};

/// Holds tokio's paused clock until it is dropped: the clock stands still while a blocking task runs.
pub(crate) struct StillClock(
    #[expect(dead_code, reason = "dropping it is what counts")] Sender<()>,
);

impl StillClock {
    pub(crate) fn hold() -> Self {
        let (held, dropped) = channel();
        tokio::task::spawn_blocking(move || dropped.recv());
        Self(held)
    }
}
