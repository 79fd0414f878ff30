//! The retry engine: decisions as data, a thin future over a non-generic call.

pub(crate) mod attempt;
pub(crate) mod attempting;
pub(crate) mod blocking;
pub(crate) mod call;
pub(crate) mod caller;
pub(crate) mod decide;
pub(crate) mod engine;
pub(crate) mod guarded;
pub(crate) mod nesting;
pub(crate) mod outcome;
pub(crate) mod progress;
pub(crate) mod site;
pub(crate) mod watch;

#[cfg(test)]
mod tests;

pub use attempt::{Attempt, Retry};
