//! Verdicts on errors that are not the user's own.

use core::convert::Infallible;
use core::error::Error as StdError;
use std::rc::Rc;
use std::sync::Arc;

use super::{Classify, Verdict, chain};
use crate::Error;

/// What an inner call has given up, an outer call does not retry. That there was no answer in time is the
/// dependency's fault; a rejection says nothing of what an outer breaker guards.
impl Classify for Error {
    fn classify(&self) -> Verdict {
        match self {
            Self::TimedOut(_) => Verdict::Fault,
            Self::Rejected(_) | Self::Config(_) => Verdict::Ignore,
        }
    }
}

/// Itself, for errors that carry it.
impl Classify for Verdict {
    fn classify(&self) -> Verdict {
        *self
    }
}

impl Classify for Infallible {
    fn classify(&self) -> Verdict {
        match *self {}
    }
}

macro_rules! classify_pointer {
    ($($pointer:ty),* $(,)?) => {$(
        impl<E: Classify + ?Sized> Classify for $pointer {
            #[inline]
            fn classify(&self) -> Verdict {
                (**self).classify()
            }
        }
    )*};
}

classify_pointer!(&E, Box<E>, Rc<E>, Arc<E>);

macro_rules! classify_object {
    ($($object:ty),* $(,)?) => {$(
        /// What [`chain`] finds, else permanent.
        impl Classify for $object {
            fn classify(&self) -> Verdict {
                chain(self).unwrap_or(Verdict::Permanent)
            }
        }
    )*};
}

classify_object!(
    dyn StdError + 'static,
    dyn StdError + Send + 'static,
    dyn StdError + Send + Sync + 'static,
);

/// A box which has been made an `anyhow::Error` or an `eyre::Report` shows its causes, not itself.
#[cfg(any(feature = "anyhow", feature = "eyre"))]
type Boxed = Box<dyn StdError + Send + Sync>;

/// What [`chain`] finds, else permanent.
#[cfg(feature = "anyhow")]
impl Classify for anyhow::Error {
    fn classify(&self) -> Verdict {
        self.downcast_ref::<Boxed>()
            .and_then(|boxed| chain(&**boxed))
            .or_else(|| chain(self.as_ref()))
            .unwrap_or(Verdict::Permanent)
    }
}

/// What [`chain`] finds, else permanent.
#[cfg(feature = "eyre")]
impl Classify for eyre::Report {
    fn classify(&self) -> Verdict {
        self.downcast_ref::<Boxed>()
            .and_then(|boxed| chain(&**boxed))
            .or_else(|| chain(self.as_ref()))
            .unwrap_or(Verdict::Permanent)
    }
}
