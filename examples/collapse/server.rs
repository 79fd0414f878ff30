//! The server: one queue, and work that is done whether or not anybody waits for it still.

use std::cell::{Cell, RefCell};
use std::io;
use std::time::Duration;

use crate::clock::Stopwatch;

/// Requests that it answers per second on average.
pub(crate) const CAPACITY: f64 = 60.0;

pub(crate) struct Server {
    since: Stopwatch,
    /// Draws how long each request takes.
    random: RefCell<fastrand::Rng>,
    /// When it will have done all that it was sent so far.
    free_at: Cell<Duration>,
    attempts: Cell<u32>,
}

impl Server {
    pub(crate) fn new(since: Stopwatch, seed: u64) -> Self {
        Self {
            since,
            random: RefCell::new(fastrand::Rng::with_seed(seed)),
            free_at: Cell::default(),
            attempts: Cell::default(),
        }
    }

    /// How many requests have come, of calls and of their retries.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts.get()
    }

    /// Answers one request when it has done those that came before. Who drops this has gone; the work stays.
    ///
    /// # Errors
    /// None of its own: what fails is the time limit of whoever asks.
    pub(crate) async fn answer(&self) -> io::Result<()> {
        self.attempts.set(self.attempts.get() + 1);
        let now = self.since.elapsed();
        let takes = exponential(&mut self.random.borrow_mut(), CAPACITY);
        let done = self.free_at.get().max(now) + takes;
        self.free_at.set(done);
        tokio::time::sleep(done.saturating_sub(now)).await;
        Ok(())
    }
}

/// The time between two of so many events per second that know nothing of each other.
pub(crate) fn exponential(random: &mut fastrand::Rng, per_second: f64) -> Duration {
    // 1 - x is never 0.
    Duration::from_secs_f64(-(1.0 - random.f64()).ln() / per_second)
}
