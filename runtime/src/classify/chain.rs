//! Verdicts on what an error was caused by.

use core::error::Error as StdError;
use core::iter;
use std::io;
use std::sync::Arc;

use super::{Classify, Verdict};
use crate::Error;
#[cfg(not(loom))]
use crate::halt::SystemHalt;

/// How many causes are looked at, so that an error which names itself as its cause is no endless loop.
const DEEPEST: usize = 128;

/// The verdict of the first error of a known kind among `error` and what it was caused by, or
/// `None` where none is known.
///
/// An [`Error`] of this crate anywhere in the chain decides, or a [`SystemHalt`](crate::halt::SystemHalt): a timeout is
/// a fault, everything else is to be ignored, and neither is retried. Else the first
/// [`std::io::Error`] whose kind is not `Other` does, by the table at [`Verdict`]. With the feature `reqwest`, an error of
/// reqwest is asked before that, and takes its request for one that must not be sent twice: a connection that was lost
/// says more where it is known what for. All are also found inside a `Box`, an `Arc`, or a `std::io::Error` that carries
/// them. At most 128 causes are looked at.
///
/// For errors that wrap others and are not classified themselves:
///
/// ```
/// use wait_or_die::{Verdict, classify};
///
/// fn retry_if(error: &(dyn std::error::Error + 'static)) -> Verdict {
///     classify::chain(error).unwrap_or(Verdict::Permanent)
/// }
///
/// let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
/// let wrapped = std::io::Error::other(reset);
/// assert_eq!(retry_if(&wrapped), Verdict::Transient);
/// assert_eq!(classify::chain(&std::fmt::Error), None);
/// ```
pub fn chain(error: &(dyn StdError + 'static)) -> Option<Verdict> {
    given_up(error)
        .or_else(|| of_reqwest(error))
        .or_else(|| links(error).find_map(of_kind))
}

/// What this crate has made of a failure anywhere in the chain.
pub(super) fn given_up(error: &(dyn StdError + 'static)) -> Option<Verdict> {
    links(error).find_map(own)
}

/// All errors of a kind in the chain, outermost first.
#[cfg(feature = "reqwest")]
pub(super) fn all<'a, T: StdError + 'static>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a T> {
    links(error).filter_map(inner::<T>)
}

#[cfg(feature = "reqwest")]
fn of_reqwest(error: &(dyn StdError + 'static)) -> Option<Verdict> {
    let found: &reqwest::Error = all(error).next()?;
    Some(found.classify())
}

#[cfg(not(feature = "reqwest"))]
const fn of_reqwest(_: &(dyn StdError + 'static)) -> Option<Verdict> {
    None
}

/// What this crate has made of a failure.
fn own(link: &(dyn StdError + 'static)) -> Option<Verdict> {
    #[cfg(not(loom))]
    if inner::<SystemHalt>(link).is_some() {
        return Some(Verdict::Ignore);
    }
    inner::<Error>(link).map(Classify::classify)
}

fn of_kind(link: &(dyn StdError + 'static)) -> Option<Verdict> {
    match inner::<io::Error>(link)?.kind() {
        io::ErrorKind::Other => None,
        kind => Some(kind.classify()),
    }
}

/// `error` and its causes, outermost first.
pub(super) fn links<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    iter::successors(Some(shared(error)), |&link| cause(link).map(shared)).take(DEEPEST)
}

/// What an `Arc` of an error of any type points to: asked for its source, the `Arc` skips it.
fn shared<'a>(mut link: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    loop {
        if let Some(arc) = link.downcast_ref::<Arc<dyn StdError + Send + Sync>>() {
            link = &**arc;
        } else if let Some(arc) = link.downcast_ref::<Arc<dyn StdError>>() {
            link = &**arc;
        } else {
            return link;
        }
    }
}

/// The next link. `io::Error`, when asked for its source, skips the error that it carries.
fn cause<'a>(link: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match inner::<io::Error>(link).and_then(io::Error::get_ref) {
        Some(carried) => Some(carried),
        None => link.source(),
    }
}

/// The link as a `T`, also where a `Box` or an `Arc`, which are errors themselves, hides it.
fn inner<'a, T: StdError + 'static>(link: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    link.downcast_ref::<T>()
        .or_else(|| link.downcast_ref::<Box<T>>().map(Box::as_ref))
        .or_else(|| link.downcast_ref::<Arc<T>>().map(Arc::as_ref))
}
