//! Time as a number of nanoseconds that only differences are taken of, so that it may roll over.

use core::time::Duration;

/// The time, in ticks of a nanosecond from any beginning: a number, or a closure that is asked only where the time
/// matters, and then once.
pub trait Now {
    /// The time.
    fn ticks(self) -> u64;
}

impl Now for u64 {
    #[inline]
    fn ticks(self) -> u64 {
        self
    }
}

impl<F: FnOnce() -> u64> Now for F {
    #[inline]
    fn ticks(self) -> u64 {
        self()
    }
}

/// Some 73 years: twice that is still less than half of what a tick can count.
const LONGEST: u64 = 1 << 61;

/// A duration in ticks, cut at some 73 years.
pub(super) fn ticks(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).map_or(LONGEST, |ticks| ticks.min(LONGEST))
}

/// The time from `since` to `now`; zero if the clock stepped back in between.
pub(super) const fn age(since: u64, now: u64) -> u64 {
    let age = now.wrapping_sub(since);
    if age.cast_signed() < 0 { 0 } else { age }
}

/// A stretch of time that has to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    from: u64,
    length: u64,
}

impl Span {
    /// `length` ticks from `from` on; the length is one that [`ticks`] gave.
    pub(super) const fn new(from: u64, length: u64) -> Self {
        Self { from, length }
    }

    /// What is left of it at `now`; zero once it is over.
    ///
    /// A clock that steps back holds the span up by as much as it stepped back, but by no more than the span's own
    /// length: after a longer step the span starts anew.
    pub(super) const fn left(&mut self, now: u64) -> u64 {
        let before = age(now, self.from);
        if before > self.length {
            self.from = now;
        }
        age(now, self.end())
    }

    /// Cuts the span to at most `length`.
    pub(super) const fn cut(&mut self, length: u64) {
        if self.length > length {
            self.length = length;
        }
    }

    pub(super) const fn end(&self) -> u64 {
        self.from.wrapping_add(self.length)
    }

    /// The most that can be left of it without starting anew.
    pub(super) const fn limit(&self) -> u64 {
        self.length * 2
    }
}
