//! Breakers with a name and a clock, which everybody who names them shares.
//!
//! [`Named`] is one breaker; a [`family`] all those of one name, the keyed ones included; the [`registry`] all
//! families. [`Breaker`] is the handle for code without attributes, [`BreakerSite`] that of an annotated function.

mod calling;
mod differences;
mod family;
mod guard;
mod handle;
mod hearers;
mod keyed;
mod named;
pub(crate) mod registry;
mod seen;
mod site;
#[cfg(test)]
mod tests;

pub use handle::{Breaker, BreakerPermit};
pub use keyed::MAX_KEYS;
pub(crate) use named::{Handle, Named, Refused, RejectedCall, ticks as clock_ticks};
pub use seen::BreakerSnapshot;
pub use site::BreakerSite;

use super::kept::{Held, Wake};
use super::{
    Core, ListenerId, Now, Outcome, Permit, Place, Refusal, Seams, Snapshot, State, Transition,
    within,
};
