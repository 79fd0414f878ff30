//! The arguments of the attributes, from tokens to values that keep their places.
//!
//! One module holds one attribute: its names, the struct that darling fills, the model that the
//! rest of the crate reads. What is common to all stands beside them: [`entries`] splits a list and
//! refuses names that are unknown or written twice, [`written`] knows the shapes of an option, and
//! the others read values. A new option needs a name with an example in the vocabulary, a field in
//! the darling struct, and one in the model.

mod choices;
mod decision;
mod entries;
mod errors;
mod lists;
mod suggest;
#[cfg(test)]
mod tests;
mod values;
mod wait_or_die;
mod written;

pub(crate) use choices::{BudgetOption, JitterKind, StrategyKind, StrategyOption};
pub(crate) use decision::Arm;
pub(crate) use errors::Errors;
pub(crate) use suggest::nearest;
pub(crate) use values::{CountValue, DurationOption, DurationValue, FactorValue};
pub(crate) use wait_or_die::{WaitOrDie, parse};

use syn::Ident;

/// What was read of `#[wait_or_die(..)]`, and what was wrong with it so far.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// An option that could not be read is missing here, but not in `keys`.
    pub(crate) options: WaitOrDie,
    /// The options that were written, in their order.
    pub(crate) keys: Vec<Ident>,
    pub(crate) errors: Errors,
}

impl Parsed {
    /// Where the option `name` was written, readable or not.
    pub(crate) fn key(&self, name: &str) -> Option<&Ident> {
        self.keys.iter().find(|key| *key == name)
    }
}
