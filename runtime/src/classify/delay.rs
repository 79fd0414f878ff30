//! What `#[classify(throttled(after = ..))]` may name.

use core::time::Duration;

use super::Verdict;

/// A server's delay: a [`Duration`], or an `Option` of one where the server need not give any.
#[diagnostic::on_unimplemented(
    message = "`after` names a field of type `{Self}`, which is no delay",
    label = "neither `Duration` nor `Option<Duration>`",
    note = "give the field one of these types, or write `throttled` alone"
)]
pub trait Delay {
    /// The delay, if there is one.
    fn delay(&self) -> Option<Duration>;
}

impl Delay for Duration {
    #[inline]
    fn delay(&self) -> Option<Duration> {
        Some(*self)
    }
}

impl Delay for Option<Duration> {
    #[inline]
    fn delay(&self) -> Option<Duration> {
        *self
    }
}

/// The verdict of a variant that is throttled by the delay in one of its fields.
#[inline]
pub fn throttled(after: &(impl Delay + ?Sized)) -> Verdict {
    Verdict::Throttled(after.delay())
}
