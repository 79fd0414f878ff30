//! The right to make one call.

use core::fmt;
use core::ops::Deref;
use core::time::Duration;

use super::ticks::Now;
use super::{Core, Outcome, Refusal, word};

/// What a permit remembers of its admission.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    /// The lower half of the state word.
    pub(super) tag: u32,
    /// Zero if it is no probe.
    pub(super) ticket: u32,
    /// When the call began, if calls are timed or it is a probe.
    pub(super) started: u64,
}

impl Pass {
    #[inline]
    pub(super) const fn untimed(tag: u32) -> Self {
        Self {
            tag,
            ticket: 0,
            started: 0,
        }
    }

    pub(super) const fn generation(&self) -> u32 {
        word::generation(self.tag)
    }
}

/// The right to make one call, of the state that gave it: a result that comes after the state has changed counts as
/// nothing.
///
/// A permit that is dropped without a result stands for a cancelled call. A probe then gives its place back, and with
/// `on_cancel = failure` it counts as a failure. A permit that is forgotten holds a probe's place until its lease is
/// over.
#[must_use = "a permit that is dropped stands for a cancelled call"]
pub struct Permit<H: Deref<Target = Core>> {
    core: H,
    pass: Pass,
    pending: bool,
}

impl<H: Deref<Target = Core>> Permit<H> {
    /// A permit through any handle, such as an `Arc`, that leads to the breaker.
    ///
    /// A call that is sure to end within `bound` says so: as a probe it keeps its place for at least as long. Zero says
    /// nothing.
    ///
    /// # Errors
    /// A breaker that is open, or half-open with every place taken.
    #[inline]
    pub fn acquire(core: H, bound: Duration, now: impl Now) -> Result<Self, Refusal> {
        let word = core.hot.0.word();
        let pass = if word.passes_untimed() {
            Pass::untimed(word.tag())
        } else if word.waits() {
            let now = now.ticks();
            // Returned from here: handed on through `admit` it would go through memory.
            if let Some(refusal) = core.refuses(word, now) {
                return Err(refusal);
            }
            core.admit_locked(bound, now)?
        } else {
            Core::admit_steadily(word, now)?
        };
        Ok(Self {
            core,
            pass,
            pending: true,
        })
    }

    /// A permit of a breaker that is closed and needs no time for it; anybody else has to ask for one.
    #[inline]
    pub(crate) fn at_once(core: H) -> Option<Self> {
        let word = core.hot.0.word();
        word.passes_untimed().then(|| Self {
            core,
            pass: Pass::untimed(word.tag()),
            pending: true,
        })
    }

    /// Tells what became of the call. Whether it was slow is told by the time since the permit was given.
    #[inline]
    pub fn record(mut self, outcome: Outcome, now: impl Now) {
        self.conclude(outcome, now);
    }

    /// The same where the permit stays in its place: a copy of what has just been written in parts would cost more than
    /// all the rest.
    #[inline]
    pub(crate) fn conclude(&mut self, outcome: Outcome, now: impl Now) {
        self.pending = false;
        if outcome != Outcome::Success || !self.core.hot.0.word().ignores_success(self.pass.tag) {
            self.core.record(self.pass, outcome, None, now);
        }
    }

    /// Tells what became of a call that took `elapsed`, where the permit is older than the call.
    #[inline]
    pub fn record_after(mut self, outcome: Outcome, elapsed: Duration, now: impl Now) {
        self.pending = false;
        if outcome != Outcome::Success || !self.core.hot.0.word().ignores_success(self.pass.tag) {
            self.core.record(self.pass, outcome, Some(elapsed), now);
        }
    }

    /// The same as dropping it, at a time that is known.
    pub fn cancel(mut self, now: impl Now) {
        self.pending = false;
        self.core.cancelled(self.pass, now);
    }

    /// Whether the breaker was half-open when it gave the permit.
    pub const fn is_probe(&self) -> bool {
        self.pass.ticket != 0
    }

    /// The breaker that gave it.
    #[inline]
    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    /// The generation that gave it.
    pub const fn generation(&self) -> u32 {
        self.pass.generation()
    }
}

impl<H: Deref<Target = Core>> Drop for Permit<H> {
    #[inline]
    fn drop(&mut self) {
        if self.pending {
            self.core.cancelled(self.pass, self.core.seams.now);
        }
    }
}

impl<H: Deref<Target = Core>> fmt::Debug for Permit<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("generation", &self.generation())
            .field("is_probe", &self.is_probe())
            .finish_non_exhaustive()
    }
}
