//! What an error says about trying again.

mod chain;
pub(crate) mod delay;
#[cfg(feature = "http")]
pub mod http;
mod io;
mod provided;
mod verdict;

pub use self::chain::chain;
pub use self::verdict::Verdict;

/// An error that says whether the call that failed with it may be tried again.
///
/// Derive it (`#[derive(Classify)]`) and give each variant a verdict:
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use std::time::Duration;
/// use wait_or_die::{Classify, Verdict};
///
/// #[derive(Classify)]
/// enum PushError {
///     #[classify(transient)]
///     Disconnected,
///     #[classify(throttled(after = retry_after))]
///     TooManyRequests { retry_after: Option<Duration> },
///     #[classify(permanent)]
///     Unauthorized,
///     #[classify(source)]
///     Io(std::io::Error),
/// }
///
/// let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
/// assert_eq!(PushError::Io(refused).classify(), Verdict::Transient);
/// # }
/// ```
///
/// | above a variant or a struct | verdict |
/// |---|---|
/// | `#[classify(transient)]`, `#[classify(permanent)]`, `#[classify(fault)]`, `#[classify(ignore)]` | the [`Verdict`] of that name |
/// | `#[classify(throttled)]` | throttled, without a delay |
/// | `#[classify(throttled(after = field))]` | throttled by the delay in a field, a `Duration` or an `Option<Duration>`; `after = 0` in a tuple |
/// | `#[classify(source)]` | as the field says that is marked `#[source]` or `#[from]`, is named `source`, or is the only one |
/// | `#[classify(source = field)]` | as that field says |
///
/// Above an enum it is the verdict of the variants that have none of their own; a variant without
/// any does not compile. `#[classify(crate = ::path)]` above the type names this crate where it is
/// reached in another way.
///
/// Or write it by hand:
///
/// ```
/// use wait_or_die::{Classify, Verdict};
///
/// struct HttpError { status: u16 }
///
/// impl Classify for HttpError {
///     fn classify(&self) -> Verdict {
///         match self.status {
///             429 => Verdict::Throttled(None),
///             408 | 500..=599 => Verdict::Transient,
///             _ => Verdict::Permanent,
///         }
///     }
/// }
/// ```
///
/// # What is provided
/// - [`std::io::Error`] and [`std::io::ErrorKind`], by kind: see the table at [`Verdict`].
/// - `dyn std::error::Error + 'static`, also with `+ Send` and `+ Send + Sync`, hence the boxes of
///   them, and with the features of the same names `anyhow::Error` and `eyre::Report`: what
///   [`chain`] finds, else permanent.
/// - [`Error`](crate::Error): a timeout is a fault, a rejection by a breaker and settings in conflict are ignored; none
///   is retried.
/// - `http::StatusCode` and `http::Response` (feature `http`), `reqwest::Error` (feature `reqwest`): see `classify::http`,
///   which also knows what was asked.
/// - [`Verdict`], which is its own: for an error that was judged where it arose and carries the verdict in a field
///   (`#[classify(source = verdict)]`).
/// - `&E`, `Box<E>`, `Rc<E>` and `Arc<E>` ask `E`; [`Infallible`](core::convert::Infallible).
///
/// The implementation is asked only where no option of the attribute decides (`abort_on`,
/// `retry_on`, `retry_if`), and only then is it required.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what may be retried",
    label = "does not implement `Classify`",
    note = "derive it (`#[derive(wait_or_die::Classify)]`, then `#[classify(transient)]` or another verdict per variant), or write `retry_if = ..` or `retry_on(..)` in the attribute; for `anyhow::Error` or `eyre::Report` turn on the feature `anyhow` or `eyre` of `wait-or-die`"
)]
pub trait Classify {
    /// The verdict on this error.
    fn classify(&self) -> Verdict;
}
