//! Telling a panic from a cancellation.

use core::mem;
use core::ops::Deref;

use super::within::{self, BlockingHolding, Holding};
use super::{Core, Outcome, Permit};
use crate::Classify;

/// Stands around one poll of a body, or one run of it. If that does not return, it has panicked, and the permit
/// records a failure.
///
/// `std::thread::panicking()` would not do: under `join!` a sibling's panic drops a body that only waits, on a thread
/// that is panicking. Such a body is between two polls, and its permit stands for a cancelled call.
#[must_use = "a watch that is dropped records a failure"]
#[derive(Debug)]
pub(crate) struct Watch<'a, H: Deref<Target = Core>> {
    permit: &'a mut Option<Permit<H>>,
    now: fn() -> u64,
}

impl<'a, H: Deref<Target = Core>> Watch<'a, H> {
    /// Begins to watch; `now` gives the time of a panic.
    #[inline]
    pub(crate) const fn new(permit: &'a mut Option<Permit<H>>, now: fn() -> u64) -> Self {
        Self { permit, now }
    }

    /// Lets what the body calls go with the permit, around one poll. To be dropped before the watch is, which tells the
    /// breaker, and so its listeners: those are no part of the call.
    #[inline]
    pub(super) fn hold(&self) -> Option<Holding> {
        self.permit
            .as_ref()
            .map(|permit| within::hold(permit.core()))
    }

    /// The same around one run.
    pub(super) fn hold_blocking(&self) -> Option<BlockingHolding> {
        self.permit
            .as_ref()
            .map(|permit| within::hold_blocking(permit.core()))
    }

    /// The poll has returned.
    #[inline]
    pub(crate) const fn returned(self) {
        mem::forget(self);
    }

    /// The body has returned, and this is its result: an error is classified while the watch still stands, so that a
    /// `Classify` that panics leaves a failure.
    #[inline]
    pub(crate) fn settle<T, E: Classify>(self, result: &Result<T, E>) {
        let outcome = match result {
            Ok(_) => Outcome::Success,
            Err(error) => Outcome::from(error.classify()),
        };
        if let Some(permit) = self.permit.take() {
            permit.record(outcome, self.now);
        }
        self.returned();
    }
}

impl<H: Deref<Target = Core>> Drop for Watch<'_, H> {
    #[cold]
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            permit.record(Outcome::Failure, self.now);
        }
    }
}
