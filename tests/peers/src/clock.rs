//! Real time, which is what a benchmark is about.
#![allow(clippy::disallowed_methods)] // nothing here is to be paused

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

/// Nanoseconds since the program first asked.
#[inline]
pub(crate) fn nanos() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let start = START.get_or_init(Instant::now);
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// tokio's time, which its timers are set by.
pub(crate) fn tokios() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

/// The time of day.
pub(crate) fn wall() -> SystemTime {
    SystemTime::now()
}

/// Puts the thread to sleep.
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}
