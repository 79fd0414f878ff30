//! Strategies written by the user.

use core::time::Duration;

/// A strategy with a state of its own: one sequence is made per protected call, at its first failure.
///
/// ```
/// use core::time::Duration;
/// use wait_or_die::backoff::WaitSequence;
///
/// /// Two short waits, then longer ones, then no more.
/// struct Patience(u32);
///
/// impl WaitSequence for Patience {
///     fn next_wait(&mut self, _retry: u32) -> Option<Duration> {
///         self.0 += 1;
///         match self.0 {
///             1 | 2 => Some(Duration::from_millis(10)),
///             3..=5 => Some(Duration::from_secs(1)),
///             _ => None,
///         }
///     }
/// }
///
/// /// What the attribute names: `strategy = patience`.
/// fn patience() -> Patience {
///     Patience(0)
/// }
/// # assert_eq!(patience().next_wait(1), Some(Duration::from_millis(10)));
/// ```
pub trait WaitSequence {
    /// The wait before retry number `retry`, which counts from 1, before cap and jitter; `None` gives up, as if
    /// `max_retries` were reached.
    ///
    /// `max_wait` caps it, and `jitter` spreads it where that is written.
    fn next_wait(&mut self, retry: u32) -> Option<Duration>;
}

impl<S: WaitSequence + ?Sized> WaitSequence for Box<S> {
    fn next_wait(&mut self, retry: u32) -> Option<Duration> {
        (**self).next_wait(retry)
    }
}

/// What `strategy = path` may name: a function from the retry's number to a wait, or a constructor of a
/// [`WaitSequence`].
///
/// `Kind` tells the two shapes apart ([`PerRetry`], [`PerCall`]) and is always inferred.
///
/// ```
/// use core::time::Duration;
/// use wait_or_die::backoff::{Backoff, CustomStrategy};
///
/// fn quadratic(retry: u32) -> Duration {
///     Duration::from_millis(10) * retry.saturating_mul(retry)
/// }
///
/// let mut waits = quadratic.sequence();
/// let term = waits.next_wait(3).expect("a function never gives up");
/// assert_eq!(Backoff::new().shape(term, 1.0), Duration::from_millis(90));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a wait strategy",
    label = "not a wait strategy",
    note = "write `fn(u32) -> Duration`: the number of the retry, from 1, to the wait before it",
    note = "or write `fn() -> S` with `S: WaitSequence + Send + 'static` for a strategy that keeps a state"
)]
pub trait CustomStrategy<Kind> {
    /// The waits of one call.
    fn sequence(self) -> Box<dyn WaitSequence + Send>;
}

/// Marks strategies of the shape `fn(u32) -> Duration`.
#[derive(Debug)]
pub enum PerRetry {}

/// Marks strategies of the shape `fn() -> impl WaitSequence`.
#[derive(Debug)]
pub enum PerCall {}

/// A function of the retry's number as a sequence that never gives up.
struct Function<F>(F);

impl<F: Fn(u32) -> Duration> WaitSequence for Function<F> {
    fn next_wait(&mut self, retry: u32) -> Option<Duration> {
        Some((self.0)(retry))
    }
}

impl<F> CustomStrategy<PerRetry> for F
where
    F: Fn(u32) -> Duration + Send + 'static,
{
    fn sequence(self) -> Box<dyn WaitSequence + Send> {
        Box::new(Function(self))
    }
}

impl<F, S> CustomStrategy<PerCall> for F
where
    F: Fn() -> S,
    S: WaitSequence + Send + 'static,
{
    fn sequence(self) -> Box<dyn WaitSequence + Send> {
        Box::new(self())
    }
}
