//! The guard against retries inside retries: what an annotated call may know of the attempt it runs in.
//!
//! An attempt leaves its bounds in a thread-local for as long as it is being polled (or, blocking, run), and takes
//! them away again before anything else can run on the thread. A call inside it asks for them when it fails, and
//! starts no wait that would outlast them; it is never cut off by them, because the outer call does that
//! itself and then decides about its own next attempt.
//!
//! A future inherits from whoever polls it: through `join!`, `select!` and a nested `block_on`. A spawned task is
//! polled by the runtime and does not, unless the runtime itself (or a `LocalSet`) is driven inside an attempt.

use core::cell::Cell;
use core::marker::PhantomData;
use core::time::Duration;

use crate::clock::{self, Instant};

/// Nanoseconds that no timeout has: there is none.
const NONE: u64 = u64::MAX;

std::thread_local! {
    // Two cells, because an attempt has a bound of one kind only, and writing both costs twice. Neither has a
    // destructor, so that reading one is a plain load.

    /// The earliest deadline of the calls around whose clock has started.
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
    /// The least time, in nanoseconds, that calls around have whose clock has not started: it starts when
    /// their body first suspends or fails.
    static WITHIN: Cell<u64> = const { Cell::new(NONE) };
}

/// Keeps an attempt's deadline in place; what was there before returns on drop, a panic's unwinding included.
#[must_use = "the deadline is in place only while this value lives"]
#[derive(Debug)]
pub struct Guard {
    before: Option<Instant>,
    // The bounds are the thread's, so the guard must be dropped where it was made: never held across an `.await`.
    _not_send: PhantomData<*const ()>,
}

impl Drop for Guard {
    #[inline]
    fn drop(&mut self) {
        DEADLINE.set(self.before);
    }
}

/// As [`Guard`], of a call whose clock has not started.
#[must_use = "the bound is in place only while this value lives"]
#[derive(Debug)]
pub struct UnstartedGuard {
    before: u64,
    _not_send: PhantomData<*const ()>,
}

impl Drop for UnstartedGuard {
    #[inline]
    fn drop(&mut self) {
        WITHIN.set(self.before);
    }
}

/// Either guard.
#[must_use = "the bound is in place only while this value lives"]
#[derive(Debug)]
pub enum Inside {
    /// Of a call whose clock runs.
    Started(Guard),
    /// Of a call whose clock has not started.
    Unstarted(UnstartedGuard),
    /// Of a call whose clock runs, in an attempt whose own bound has not begun to count.
    Both(Guard, UnstartedGuard),
}

impl From<Guard> for Inside {
    #[inline]
    fn from(guard: Guard) -> Self {
        Self::Started(guard)
    }
}

impl From<UnstartedGuard> for Inside {
    #[inline]
    fn from(guard: UnstartedGuard) -> Self {
        Self::Unstarted(guard)
    }
}

/// Around one poll, or one blocking run, of an attempt of a call that must end at `deadline`.
#[inline]
pub(crate) fn enter(deadline: Instant) -> Guard {
    let before = DEADLINE.get();
    if before.is_none_or(|before| deadline < before) {
        DEADLINE.set(Some(deadline));
    }
    Guard {
        before,
        _not_send: PhantomData,
    }
}

/// Around one poll of an attempt of a call whose clock has not started, and which then has `timeout`.
///
/// A call whose body never suspends reads no clock, so it has no deadline to pass on; a call inside it that does
/// need one counts `timeout` from the time that it has read itself.
#[inline]
pub(crate) fn enter_unstarted(timeout: Duration) -> UnstartedGuard {
    let within = timeout
        .as_secs()
        .saturating_mul(1_000_000_000)
        .saturating_add(u64::from(timeout.subsec_nanos()));
    let before = WITHIN.get();
    WITHIN.set(before.min(within));
    UnstartedGuard {
        before,
        _not_send: PhantomData,
    }
}

/// Around one poll of an attempt that must end at `deadline`, and `within` its first suspension.
#[inline]
pub(crate) fn enter_within(deadline: Instant, within: Duration) -> Inside {
    Inside::Both(enter(deadline), enter_unstarted(within))
}

/// The instant at which the attempts around end, for a call whose clock starts `now`; `None` where there are none.
#[inline]
pub(crate) fn outer_deadline_at(now: Instant) -> Option<Instant> {
    let deadline = DEADLINE.get();
    match WITHIN.get() {
        NONE => deadline,
        within => {
            let own = clock::later(now, Duration::from_nanos(within));
            Some(deadline.map_or(own, |deadline| deadline.min(own)))
        }
    }
}

/// The instant at which the attempts around end; `None` where there are none.
///
/// Reads the clock only inside an attempt whose own clock has not started.
#[cfg(test)]
pub(crate) fn outer_deadline() -> Option<Instant> {
    match WITHIN.get() {
        NONE => DEADLINE.get(),
        _ => outer_deadline_at(clock::now()),
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
