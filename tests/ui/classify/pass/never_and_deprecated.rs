//! No values at all; and a variant that its own author has deprecated.
#![deny(warnings)]

use wait_or_die::{Classify, Verdict};

#[derive(Classify)]
#[allow(dead_code)]
enum Never {}

#[derive(Classify)]
#[classify(crate = ::wait_or_die)]
#[allow(dead_code)]
enum PushError {
    #[deprecated]
    #[classify(transient)]
    Old,
    #[cfg(any())]
    Gone,
    #[classify(permanent,)]
    New(Option<Never>),
}

fn main() {
    assert_eq!(PushError::New(None).classify(), Verdict::Permanent);
}
