//! The arguments of the attributes, from tokens to values that keep their places.
//!
//! One module holds one attribute: its names, the struct that darling fills, the model that the
//! rest of the crate reads. What is common to all stands beside them: [`entries`] splits a list and
//! refuses names that are unknown or written twice, [`written`] knows the shapes of an option, and
//! the others read values. A new option needs a name with an example in the vocabulary, a field in
//! the darling struct, and one in the model.

mod choices;
mod circuit_breaker;
mod decision;
mod entries;
mod errors;
mod halt;
mod key;
mod leaving;
mod lists;
mod numbers;
mod suggest;
#[cfg(test)]
mod tests;
mod values;
mod vocabulary;
mod wait_or_die;
mod window;
mod written;

pub(crate) use choices::{
    BudgetOption, JitterKind, OnCancel, StrategyKind, StrategyOption, WhenOpen,
};
pub(crate) use circuit_breaker::{CircuitBreaker, Settings, parse as circuit_breaker};
pub(crate) use decision::Arm;
pub(crate) use entries::{crate_path, names_if_ours};
pub(crate) use errors::Errors;
pub(crate) use halt::HaltOption;
pub(crate) use numbers::{
    CountOption, CountValue, DurationOption, DurationValue, FloatOption, FloatValue,
};
pub(crate) use suggest::nearest;
pub(crate) use wait_or_die::{WaitOrDie, parse as wait_or_die};
pub(crate) use window::{WindowOption, WindowValue};

use syn::Ident;

/// What was read of one attribute, and what was wrong with it so far.
#[derive(Debug)]
pub(crate) struct Parsed<T> {
    /// An option that could not be read is missing here, but not in `keys`.
    pub(crate) options: T,
    /// The options that were written, in their order.
    pub(crate) keys: Vec<Ident>,
    pub(crate) errors: Errors,
}

impl<T> Parsed<T> {
    /// Where the option `name` was written, readable or not.
    pub(crate) fn key(&self, name: &str) -> Option<&Ident> {
        self.keys.iter().find(|key| *key == name)
    }
}
