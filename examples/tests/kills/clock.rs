//! The only place of this test that reads a clock or sleeps: what is killed runs by the machine's clock.
#![allow(clippy::disallowed_methods)] // this module is the seam that the rule points to

use std::thread;
use std::time::{Duration, Instant};

pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Waits without giving the processor away: a sleep is never as short as some of these times.
pub(crate) fn spin(time: Duration) {
    let begun = now();
    while begun.elapsed() < time {
        std::hint::spin_loop();
    }
}

pub(crate) fn sleep(time: Duration) {
    thread::sleep(time);
}
