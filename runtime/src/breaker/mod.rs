//! The circuit breaker's core: one dependency's health in one word.
//!
//! ```text
//!                   too many failures                   recovery time over
//!      .--------. ---------------------> .--------. ---------------------> .-----------.
//!      | closed |                        |  open  |                        | half-open |
//!      '--------' <--.                   '--------' <--------------------- '-----------'
//!                    |                                   a probe failed          |
//!                    '-----------------------------------------------------------'
//!                                       enough probes succeeded
//!
//!      by hand, from any state: forced open, forced closed, disabled; `reset` leads back to closed
//! ```
//!
//! A [`Core`] has no name and no clock. Whoever calls it says what time it is, in ticks of a nanosecond
//! ([`Now`]); the time is asked for only where it matters, so that a call which succeeds while nothing is wrong
//! reads no clock.
//!
//! ```
//! use core::time::Duration;
//! use wait_or_die::BreakerPolicy;
//! use wait_or_die::breaker::{Core, Outcome, Seams, State};
//!
//! const SECOND: u64 = 1_000_000_000;
//! let policy = BreakerPolicy::new().with_failure_threshold(2);
//! let core = Core::new(policy, Seams::new(|| 0, || 0.0), 0)?;
//!
//! for _ in 0..2 {
//!     core.try_acquire(0).unwrap().record(Outcome::Failure, 0);
//! }
//! let refusal = core.try_acquire(20 * SECOND).unwrap_err();
//! assert_eq!(refusal.retry_in, Some(Duration::from_secs(40)));
//!
//! let probe = core.try_acquire(60 * SECOND).unwrap();
//! assert!(core.try_acquire(60 * SECOND).is_err()); // one probe at a time
//! probe.record(Outcome::Success, 61 * SECOND);
//! assert_eq!(core.state(), State::Closed);
//! # Ok::<(), wait_or_die::BreakerPolicyError>(())
//! ```
//!
//! # What counts as what
//!
//! | outcome | closed | half-open |
//! |---|---|---|
//! | success | success | success |
//! | failure | failure | failure |
//! | ignore | nothing | gives its place back |
//! | permit dropped | nothing, or with `on_cancel = failure` a failure | gives its place back, or a failure |
//!
//! Any result of a permit that an earlier state gave out counts as nothing.
//!
//! # How it is kept
//!
//! State, generation and failures in a row share one atomic word. While the breaker is closed they change by
//! compare-and-swap; the state itself changes only under the core's one lock, so that windows, probes and the queue
//! of events move with it. A refusal reads three words and takes no lock.

mod admit;
#[cfg(not(loom))]
mod by_name;
mod control;
mod hot;
mod kept;
mod listeners;
mod permit;
mod place;
mod record;
mod recovery;
mod rules;
mod snapshot;
mod ticks;
mod trial;
mod types;
mod window;
pub(crate) mod within;
mod word;

#[cfg(all(test, not(loom)))]
mod tests;

use core::fmt;

#[cfg(not(loom))]
pub use by_name::{Breaker, BreakerPermit, BreakerSite, BreakerSnapshot, MAX_KEYS};
#[cfg(not(loom))]
pub(crate) use by_name::{Handle, Named, Refused, RejectedCall, clock_ticks, registry};
pub use listeners::ListenerId;
pub use permit::Permit;
pub use place::Place;
pub use snapshot::Snapshot;
pub use ticks::Now;
pub use types::{Cause, Outcome, Refusal, State, Transition};

use crate::policy::{BreakerPolicy, BreakerPolicyError};
use crate::sync::{Mutex, Padded};
use hot::Hot;
use kept::{Kept, Wake};

/// What a core cannot know by itself.
#[derive(Clone, Copy, Debug)]
pub struct Seams {
    now: fn() -> u64,
    draw: fn() -> f64,
}

impl Seams {
    /// `now` gives the time in ticks of a nanosecond, for a permit that is dropped and can be told no time; `draw` a
    /// random number in `[0, 1]`, for the jitter of a recovery time that grows.
    pub const fn new(now: fn() -> u64, draw: fn() -> f64) -> Self {
        Self { now, draw }
    }
}

/// A circuit breaker without a name.
///
/// Shared by reference, or by any handle that leads to it ([`Permit::acquire`]). No method blocks for longer than
/// another takes; listeners run outside the lock.
pub struct Core {
    hot: Padded<Hot>,
    kept: Mutex<Kept>,
    seams: Seams,
    /// Called outside the lock, before listeners are told.
    waker: Option<Box<dyn Fn(Wake) + Send + Sync>>,
}

impl Core {
    /// A closed breaker, created at `now`.
    ///
    /// # Errors
    /// Settings that [`BreakerPolicy::check`] refuses.
    pub fn new(policy: BreakerPolicy, seams: Seams, now: u64) -> Result<Self, BreakerPolicyError> {
        policy.check().map(|()| Self::checked(policy, seams, now))
    }

    /// A closed breaker of settings that have been checked.
    fn checked(policy: BreakerPolicy, seams: Seams, now: u64) -> Self {
        let hot = Hot::new(&policy);
        let kept = Mutex::new(Kept::new(policy, &hot, now));
        Self {
            hot: Padded(hot),
            kept,
            seams,
            waker: None,
        }
    }

    /// The same breaker, which calls `waker` whenever those who wait have something to gain from asking again.
    #[cfg(not(loom))]
    fn with_waker(mut self, waker: impl Fn(Wake) + Send + Sync + 'static) -> Self {
        self.waker = Some(Box::new(waker));
        self
    }

    /// The state as it was last changed. An open breaker whose recovery time is over is open until somebody asks for
    /// a permit.
    pub fn state(&self) -> State {
        self.hot.0.word().state()
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.hot.0.word();
        f.debug_struct("Core")
            .field("state", &word.state())
            .field("generation", &word.generation())
            .finish_non_exhaustive()
    }
}
