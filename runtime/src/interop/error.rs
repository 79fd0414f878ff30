//! The `backoff` crate's error type under our rules.

use crate::classify::{Classify, Verdict};

/// By kind: permanent stays permanent, transient without `retry_after` is transient, transient with one is throttled
/// by that much. The enclosed error is not asked.
impl<E> Classify for ::backoff::Error<E> {
    fn classify(&self) -> Verdict {
        match self {
            Self::Permanent(_) => Verdict::Permanent,
            Self::Transient {
                retry_after: None, ..
            } => Verdict::Transient,
            Self::Transient { retry_after, .. } => Verdict::Throttled(*retry_after),
        }
    }
}

/// An error that may stand inside a [`backoff::Error`] returned by a protected function.
///
/// Such a function needs `From<wait_or_die::Error>` for `backoff::Error<E>`, which no other crate may write. It is
/// given, as permanent, for every `E` that is a carrier:
///
/// ```
/// #[derive(Debug)]
/// enum FetchError {
///     Refused,
///     CutShort(wait_or_die::Error),
/// }
///
/// impl From<wait_or_die::Error> for FetchError {
///     fn from(error: wait_or_die::Error) -> Self {
///         Self::CutShort(error)
///     }
/// }
///
/// impl wait_or_die::interop::Carrier for FetchError {}
/// # fn check<E: From<wait_or_die::Error>>() {}
/// # check::<backoff::Error<FetchError>>();
/// ```
///
/// `wait_or_die::Error` itself is none: that crate turns an enclosed error into a transient one by its own `From`, and
/// a call that has timed out for good would be retried by an outer loop.
pub trait Carrier: From<crate::Error> {}

impl Carrier for std::io::Error {}
impl Carrier for Box<dyn std::error::Error> {}
impl Carrier for Box<dyn std::error::Error + Send + Sync> {}
#[cfg(feature = "anyhow")]
impl Carrier for anyhow::Error {}
#[cfg(feature = "eyre")]
impl Carrier for eyre::Report {}

impl<E: Carrier> From<crate::Error> for ::backoff::Error<E> {
    fn from(error: crate::Error) -> Self {
        Self::Permanent(E::from(error))
    }
}
