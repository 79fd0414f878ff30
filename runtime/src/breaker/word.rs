//! The state word: what every call looks at, in 64 bits.
//!
//! ```text
//! bit  0..3   state; bit 0 alone tells whether time, or a probe, ends it
//! bit  3      a window counts outcomes (rates)
//! bit  4      calls are timed (`slow_call`)
//! bit  5      a cancelled call is a failure
//! bit  6..32  generation: changes of state, modulo 2^26
//! bit 32..64  failures in a row
//! ```
//!
//! The lower half is the tag that a permit carries. With nothing but zeros beside the generation the breaker is
//! closed, counts failures in a row and needs no time; with zero failures the word then equals the tag.

use super::types::State;
use crate::policy::{BreakerPolicy, OnCancel};

const STATE: u64 = 0b111;
const WAITS: u64 = 0b001;
const WINDOWED: u64 = 1 << 3;
const TIMED: u64 = 1 << 4;
const CANCEL_FAILS: u64 = 1 << 5;
const FLAGS: u64 = WINDOWED | TIMED | CANCEL_FAILS;
const GENERATION: u32 = 6;
const FAILURES: u32 = 32;
const TAG: u64 = (1 << FAILURES) - 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(pub(super) u64);

impl Word {
    /// Closed, in the first generation.
    pub(super) fn new(policy: &BreakerPolicy) -> Self {
        Self(flags(policy))
    }

    pub(super) const fn state(self) -> State {
        match self.0 & STATE {
            0b000 => State::Closed,
            0b001 => State::Open,
            0b011 => State::HalfOpen,
            0b010 => State::ForcedOpen,
            0b100 => State::ForcedClosed,
            _ => State::Disabled,
        }
    }

    /// A window counts outcomes.
    pub(super) const fn is_windowed(self) -> bool {
        self.0 & WINDOWED != 0
    }

    /// Calls are timed.
    pub(super) const fn is_timed(self) -> bool {
        self.0 & TIMED != 0
    }

    /// A cancelled call is a failure.
    pub(super) const fn cancel_fails(self) -> bool {
        self.0 & CANCEL_FAILS != 0
    }

    /// Closed, and no time is needed to pass.
    #[inline]
    pub(super) const fn passes_untimed(self) -> bool {
        self.0 & (STATE | TIMED) == 0
    }

    /// Open or half-open: time, or a probe, ends it.
    #[inline]
    pub(super) const fn waits(self) -> bool {
        self.0 & WAITS != 0
    }

    /// A success changes nothing at all: no window, no failures in a row, the generation of `tag`.
    #[inline]
    pub(super) const fn ignores_success(self, tag: u32) -> bool {
        self.0 & !CANCEL_FAILS == (tag as u64) & !CANCEL_FAILS & !(STATE | WINDOWED)
    }

    pub(super) const fn tag(self) -> u32 {
        (self.0 & TAG) as u32
    }

    pub(super) const fn generation(self) -> u32 {
        self.tag() >> GENERATION
    }

    pub(super) const fn failures(self) -> u32 {
        (self.0 >> FAILURES) as u32
    }

    pub(super) const fn with_failures(self, failures: u32) -> Self {
        Self(self.0 & TAG | (failures as u64) << FAILURES)
    }

    /// The next generation, in state `to`, with no failures.
    pub(super) const fn moved(self, to: State) -> Self {
        let code = match to {
            State::Closed => 0b000,
            State::Open => 0b001,
            State::HalfOpen => 0b011,
            State::ForcedOpen => 0b010,
            State::ForcedClosed => 0b100,
            State::Disabled => 0b110,
        };
        let generation = (self.generation() as u64 + 1) << GENERATION & TAG;
        Self(generation | self.0 & FLAGS | code)
    }

    /// The same under other settings. Beside a window, failures in a row are not counted.
    pub(super) fn under(self, policy: &BreakerPolicy) -> Self {
        let word = Self(self.0 & !FLAGS | flags(policy));
        if word.is_windowed() {
            word.with_failures(0)
        } else {
            word
        }
    }
}

/// The generation in a permit's tag.
pub(super) const fn generation(tag: u32) -> u32 {
    tag >> GENERATION
}

/// Whether the call that a permit's tag admitted has been timed from its beginning.
pub(super) const fn is_timed(tag: u32) -> bool {
    tag as u64 & TIMED != 0
}

fn flags(policy: &BreakerPolicy) -> u64 {
    let mut flags = 0;
    if policy.failure_rate().is_some() {
        flags |= WINDOWED;
    }
    if policy.slow_call().is_some() {
        flags |= TIMED;
    }
    if policy.on_cancel() == OnCancel::Failure {
        flags |= CANCEL_FAILS;
    }
    flags
}
