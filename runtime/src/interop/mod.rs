//! Interoperation with the [`backoff`](https://docs.rs/backoff/0.4) crate, behind the feature `backoff`.
//!
//! That crate is no longer maintained (RUSTSEC-2025-0012), and it pulls `instant`, which is not either
//! (RUSTSEC-2024-0384). So it is never part of the default tree: the feature is for programs that carry `backoff`
//! already and move over step by step.
//!
//! - Any [`backoff::backoff::Backoff`](Foreign) is a strategy: name its constructor, `strategy = make_backoff`, or wrap
//!   a value in [`FromBackoff`].
//! - A [`RetryPolicy`](crate::RetryPolicy) drives loops written for that crate: [`ScheduleBackoff`].
//! - [`backoff::Error`] classifies by its kind and its `retry_after`; [`Carrier`] lets a protected
//!   function return it.

mod error;
mod schedule;

use core::time::Duration;

use ::backoff::backoff::Backoff as Foreign;

pub use error::Carrier;
pub use schedule::ScheduleBackoff;

use crate::backoff::{CustomStrategy, WaitSequence};

/// A foreign backoff as a sequence of waits; when it returns `None`, the call gives up.
///
/// `max_wait` caps its waits, and `jitter` spreads them where that is written, as with any custom strategy. Most of these
/// backoffs are random by themselves.
#[derive(Clone, Debug)]
pub struct FromBackoff<B>(
    /// The backoff. It is asked as it is; `reset` is not called.
    pub B,
);

impl<B: Foreign> WaitSequence for FromBackoff<B> {
    fn next_wait(&mut self, _retry: u32) -> Option<Duration> {
        self.0.next_backoff()
    }
}

/// Marks strategies of the shape `fn() -> impl backoff::backoff::Backoff`.
///
/// ```
/// use core::time::Duration;
/// use backoff::backoff::Constant;
/// use wait_or_die::backoff::CustomStrategy;
///
/// /// What the attribute names: `strategy = every_second`.
/// fn every_second() -> Constant {
///     Constant::new(Duration::from_secs(1))
/// }
///
/// let mut waits = every_second.sequence();
/// assert_eq!(waits.next_wait(1), Some(Duration::from_secs(1)));
/// ```
#[derive(Debug)]
pub enum PerCallBackoff {}

impl<F, B> CustomStrategy<PerCallBackoff> for F
where
    F: Fn() -> B,
    B: Foreign + Send + 'static,
{
    fn sequence(self) -> Box<dyn WaitSequence + Send> {
        let mut backoff = self();
        // As that crate's own loops do before they begin.
        backoff.reset();
        Box::new(FromBackoff(backoff))
    }
}
