//! Real time, which is what a benchmark is about.
#![allow(clippy::disallowed_methods)] // nothing here is to be paused

use std::sync::OnceLock;
use std::time::Instant;

/// Nanoseconds since the program first asked.
#[inline]
pub(crate) fn nanos() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let start = START.get_or_init(Instant::now);
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
