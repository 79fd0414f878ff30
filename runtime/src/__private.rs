//! What the expansion names. No part of this module is covered by semantic versioning.

pub use core::clone::Clone;
pub use core::mem::drop;
pub use core::option::Option::{self, None, Some};
pub use core::result::Result::{self, Err, Ok};
pub use core::time::Duration;

pub use crate::breaker::{BreakerSite, Outcome as BreakerOutcome};
pub use crate::classify::delay::{Delay, throttled};
pub use crate::halt::Halt;
pub use crate::observe::{Fields, Record};
pub use crate::retry::blocking::BlockingCall;
pub use crate::retry::call::Call;
pub use crate::retry::engine::Engine;
pub use crate::retry::guarded::{BreakerCall, Guarded};
pub use crate::retry::outcome::Outcome;
pub use crate::retry::site::{MakeSequence, Site};
pub use crate::retry::watch::Watch;
pub use crate::{
    BreakerPolicy, BreakerPolicyError, Classify, Jitter, OnCancel, PolicyError, Retry, RetryPolicy,
    Strategy, Verdict, Window,
};
#[cfg(feature = "macros")]
pub use wait_or_die_macros::__finish;

use crate::backoff::{CustomStrategy, WaitSequence};
use crate::retry::engine::Assessed;
use crate::retry::outcome::{Answer, Dies};

/// No outcome, of a type that a deadline or a rejection can be told by: where it cannot, the compiler says so of this
/// function, and not of the futures that the expansion is made of.
#[inline]
pub const fn none<R: Outcome, Kind>() -> Option<R>
where
    R::Error: Dies<Kind>,
{
    None
}

/// The verdict of the error's own [`Classify`].
#[inline]
pub fn classify<E: Classify>(error: &E) -> Verdict {
    error.classify()
}

/// The verdict on an attempt: that of its error, and transient if the attempt was cut off, because
/// then the error is none of the body's.
#[inline]
pub fn classify_attempt<E: Classify>(error: &E, cut: bool) -> Verdict {
    if cut {
        return Verdict::Transient;
    }
    error.classify()
}

/// The verdict of a `retry_if`; transient if the attempt was cut off.
#[inline]
pub fn retry_if<E, Kind, V: Answer<Kind>>(
    error: &E,
    cut: bool,
    decide: impl FnOnce(&E) -> V,
) -> Verdict {
    if cut {
        return Verdict::Transient;
    }
    decide(error).verdict()
}

/// The verdict of a `retry_on`; transient if the attempt was cut off.
#[inline]
pub fn retry_on(cut: bool, matched: impl FnOnce() -> bool) -> Verdict {
    Verdict::from(cut || matched())
}

/// Stands for an unwritten `fields(..)`.
#[inline]
pub const fn no_fields(_: &mut Fields) {}

/// Stands for an unwritten `on_retry`.
#[inline]
pub const fn no_hook<E>(_: &Retry<'_, E>) {}

/// Takes the answer of an `on_retry`, which has none.
#[inline]
pub const fn hook((): ()) {}

/// The state of a custom `strategy`.
pub fn sequence<Kind, S: CustomStrategy<Kind>>(strategy: S) -> Box<dyn WaitSequence + Send> {
    strategy.sequence()
}

/// Checks a policy whose values only the compiler knows against one rule.
///
/// # Panics
/// With the rule's message if the policy breaks it; run in a `const`, so that
/// the program does not compile.
#[track_caller]
pub const fn check(policy: &RetryPolicy, rule: PolicyError) {
    assert!(!policy.breaks(rule), "{}", rule.message());
}

/// Checks a base policy for a plain `fn`.
///
/// # Panics
/// If it bounds attempts; run in a `const`, so that the program does not compile.
#[track_caller]
pub const fn check_blocking(policy: &RetryPolicy) {
    assert!(
        policy.attempt_timeout().is_none(),
        "the policy has an `attempt_timeout`, and nothing can stop an attempt of a plain `fn`; \
         write `async fn`, or call `without_attempt_timeout()` on the policy"
    );
}

/// Checks the settings of a breaker whose values only the compiler knows against one rule.
///
/// # Panics
/// As [`check`].
#[track_caller]
pub const fn check_breaker(policy: &BreakerPolicy, rule: BreakerPolicyError) {
    assert!(!policy.breaks(rule), "{}", rule.message());
}

/// A verdict, and what a written `failure_if` or `ignore_if` makes of the attempt for the breaker; an attempt that was
/// cut off is a failure, and its error is not asked about.
#[inline]
pub fn assessed(
    verdict: Verdict,
    cut: bool,
    outcome: impl FnOnce() -> Option<BreakerOutcome>,
) -> Assessed {
    Assessed::new(verdict, if cut { None } else { outcome() })
}

/// The answer of a `failure_if` or an `ignore_if`.
#[inline]
pub fn yes<E>(error: &E, ask: impl FnOnce(&E) -> bool) -> bool {
    ask(error)
}

/// An error of which only the place of use knows whether it is [`Classify`]: `(&&Unknown(error)).__wait_or_die_outcome()`
/// finds [`ByClassify`] first, and [`ByDefault`] where that does not hold. The name is one that no trait of a user's has.
#[derive(Debug)]
pub struct Unknown<'a, E>(pub &'a E);

/// What an error that classifies itself is for a breaker.
pub trait ByClassify {
    /// By its verdict.
    fn __wait_or_die_outcome(&self) -> BreakerOutcome;
}

impl<E: Classify> ByClassify for &Unknown<'_, E> {
    #[inline]
    fn __wait_or_die_outcome(&self) -> BreakerOutcome {
        self.0.classify().into()
    }
}

/// What any other error is.
pub trait ByDefault {
    /// A failure.
    fn __wait_or_die_outcome(&self) -> BreakerOutcome;
}

impl<E> ByDefault for Unknown<'_, E> {
    #[inline]
    fn __wait_or_die_outcome(&self) -> BreakerOutcome {
        BreakerOutcome::Failure
    }
}
