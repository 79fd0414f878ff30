//! The only place that reads a clock or sleeps.
//!
//! Asynchronous calls read tokio's clock, so `tokio::time::pause()` governs deadlines and waits.
//! Blocking calls read the system's clock and really sleep. Inside a
//! [`testing::scope`](crate::testing::scope) both read the scope's one time, which virtual sleeps move too, and timers are
//! set to what tokio's clock will show then. The wall clock is the system's, and goes on with a scope's time inside one.
#![allow(clippy::disallowed_methods)] // this module is the seam that the rule points to

mod timer;

#[cfg(all(test, not(loom)))]
mod tests;

use core::time::Duration;

#[cfg(test)]
pub(crate) use timer::POLLS;
pub(crate) use timer::Timer;
pub(crate) use tokio::time::Instant;

/// What an unrepresentable instant is replaced by, counted from now: tokio's own "far future".
const FAR: Duration = Duration::from_secs(86_400 * 365 * 30);

/// The instant of tokio's clock; about 23 ns, which is why the happy path never asks.
pub(crate) fn now() -> Instant {
    #[cfg(test)]
    READS.set(READS.get() + 1);
    #[cfg(feature = "test-util")]
    if let Some(now) = crate::testing::now() {
        return now;
    }
    Instant::now()
}

/// Tokio's clock, whatever a scope has added to it.
#[cfg(feature = "test-util")]
pub(crate) fn base() -> Instant {
    Instant::now()
}

#[cfg(test)]
std::thread_local! {
    /// How often this thread has read the clock.
    pub(crate) static READS: core::cell::Cell<u32> = const { core::cell::Cell::new(0) };
}

/// `start + after`, or an instant some thirty years on where that cannot be represented.
pub(crate) fn later(start: Instant, after: Duration) -> Instant {
    start.checked_add(after).unwrap_or_else(|| start + FAR)
}

/// The instant a blocking call sees: the system's clock, because a thread really sleeps even where
/// tokio's clock is paused.
pub(crate) fn blocking_now() -> Instant {
    #[cfg(test)]
    READS.set(READS.get() + 1);
    #[cfg(feature = "test-util")]
    if let Some(now) = crate::testing::now() {
        return now;
    }
    Instant::from_std(std::time::Instant::now())
}

/// The time of day, counted from the beginning of 1970 in UTC; zero where the machine's clock is set before that.
#[cfg(feature = "http")]
pub(crate) fn wall() -> Duration {
    #[cfg(all(feature = "test-util", not(loom)))]
    if let Some(wall) = crate::testing::wall() {
        return wall;
    }
    base_wall()
}

/// The machine's wall clock, whatever a scope makes of it.
#[cfg(feature = "http")]
pub(crate) fn base_wall() -> Duration {
    let now = std::time::SystemTime::now();
    now.duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default()
}

/// Puts the calling thread to sleep, or moves the virtual clock of the thread's test scope.
pub(crate) fn blocking_sleep(wait: Duration) {
    #[cfg(feature = "test-util")]
    if crate::testing::advance(wait) {
        return;
    }
    std::thread::sleep(wait);
}

/// What tokio's timer must be set to, so that it fires at `at`.
fn tokios(at: Instant) -> Instant {
    #[cfg(feature = "test-util")]
    if let Some(tokios) = crate::testing::tokios(at) {
        return tokios;
    }
    at
}
