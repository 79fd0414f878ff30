//! The guard against retries inside retries: what an annotated call may know of the attempt it runs in.
//!
//! An attempt leaves its bounds in a thread-local for as long as it is being polled (or, blocking, run), and takes
//! them away again before anything else can run on the thread. A call inside it asks for them when it fails, and
//! starts no wait that would outlast them; it is never cut off by them, because the outer call does that
//! itself and then decides about its own next attempt.
//!
//! A future inherits from whoever polls it: through `join!`, `select!` and a nested `block_on`. A spawned task is
//! polled by the runtime and does not. Where the runtime itself is driven inside the attempt of a plain function, the
//! task is on the same thread and another one: the plain function's attempt keeps the id of its task, takes over what it
//! found in place, and is ignored by whoever reads with another id. A runtime or `LocalSet` that is driven by hand inside an
//! asynchronous attempt, with no plain function's between, passes the bound on to its tasks: to know them, every poll
//! would have to look at the id.

use core::cell::Cell;
use core::marker::PhantomData;
use core::time::Duration;

use tokio::task::{self, Id};

use crate::clock::{self, Instant};

/// What an attempt whose clock has not started leaves to calls inside it, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Within(u64);

impl Within {
    /// No bound, which is also what more than can be counted comes to.
    pub(crate) const UNBOUNDED: Self = Self(u64::MAX);

    pub(crate) const fn of(time: Duration) -> Self {
        Self(
            time.as_secs()
                .saturating_mul(1_000_000_000)
                .saturating_add(time.subsec_nanos() as u64),
        )
    }
}

std::thread_local! {
    // Two cells, because an attempt has a bound of one kind only, and writing both costs twice. Neither has a
    // destructor, so that reading one is a plain load.

    /// The earliest deadline of the calls around whose clock has started.
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
    /// The least time that calls around have whose clock has not started: it starts when
    /// their body first suspends or fails.
    static WITHIN: Cell<Within> = const { Cell::new(Within::UNBOUNDED) };
    /// The deadline of the plain function's attempt that the thread runs, and the task that it runs in. Holds what
    /// the two others held: they are empty where it begins.
    static BLOCKING: Cell<Option<(Instant, Option<Id>)>> = const { Cell::new(None) };
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
    before: Within,
    _not_send: PhantomData<*const ()>,
}

impl Drop for UnstartedGuard {
    #[inline]
    fn drop(&mut self) {
        WITHIN.set(self.before);
    }
}

/// As [`Guard`], of an attempt of a plain function.
#[must_use = "the deadline is in place only while this value lives"]
#[derive(Debug)]
pub struct BlockingGuard {
    blocking: Option<(Instant, Option<Id>)>,
    deadline: Option<Instant>,
    within: Within,
    _not_send: PhantomData<*const ()>,
}

impl Drop for BlockingGuard {
    fn drop(&mut self) {
        BLOCKING.set(self.blocking);
        DEADLINE.set(self.deadline);
        WITHIN.set(self.within);
    }
}

/// Either guard of an asynchronous attempt.
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

/// Around one poll of an attempt of a call that must end at `deadline`.
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

/// Around one run of an attempt of a plain function that must end at `deadline`, which lies no later than the
/// attempts around it allowed when its call was opened.
pub(crate) fn enter_blocking(deadline: Instant) -> BlockingGuard {
    let entered = Some((deadline, task::try_id()));
    BlockingGuard {
        blocking: BLOCKING.replace(entered),
        deadline: DEADLINE.take(),
        within: WITHIN.replace(Within::UNBOUNDED),
        _not_send: PhantomData,
    }
}

/// The deadline of the plain function's attempt around, if it runs in this task.
fn blocking_deadline() -> Option<Instant> {
    let (deadline, entered) = BLOCKING.get()?;
    (task::try_id() == entered).then_some(deadline)
}

/// Around one poll of an attempt of a call whose clock has not started, and which then has this time.
///
/// A call whose body never suspends reads no clock, so it has no deadline to pass on; a call inside it that does
/// need one counts it from the time that it has read itself.
#[inline]
pub(crate) fn enter_unstarted(within: Within) -> UnstartedGuard {
    let before = WITHIN.get();
    WITHIN.set(before.min(within));
    UnstartedGuard {
        before,
        _not_send: PhantomData,
    }
}

/// Around one poll of an attempt that must end at `deadline`, and has this time from its first suspension on.
#[inline]
pub(crate) fn enter_within(deadline: Instant, within: Within) -> Inside {
    Inside::Both(enter(deadline), enter_unstarted(within))
}

/// The instant at which the attempts around end, for a call whose clock starts `now`; `None` where there are none.
#[inline]
pub(crate) fn outer_deadline_at(now: Instant) -> Option<Instant> {
    let within = match WITHIN.get() {
        Within::UNBOUNDED => None,
        Within(nanos) => Some(clock::later(now, Duration::from_nanos(nanos))),
    };
    [DEADLINE.get(), within, blocking_deadline()]
        .into_iter()
        .flatten()
        .min()
}

/// The instant at which the attempts around end; `None` where there are none.
///
/// Reads the clock only inside an attempt whose own clock has not started.
#[cfg(test)]
pub(crate) fn outer_deadline() -> Option<Instant> {
    match WITHIN.get() {
        Within::UNBOUNDED => DEADLINE.get().into_iter().chain(blocking_deadline()).min(),
        _ => outer_deadline_at(clock::now()),
    }
}

#[cfg(test)]
mod tests;
