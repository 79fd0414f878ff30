//! Lifetimes, types, constants, conditions; a bound for each field that is asked.
#![deny(warnings)]

use std::fmt::Debug;
use std::io;
use wait_or_die::{Classify, Verdict};

#[derive(Classify)]
#[classify(permanent)]
enum Failure<'a, T: Debug, B = io::Error, const N: usize = 2>
where
    T: Clone,
{
    Text(&'a str, [T; N]),
    #[classify(source)]
    Backend(Box<B>),
    #[classify(source)]
    Io(io::Error),
}

/// Needs no `Classify` of `T`, which is not asked.
fn verdict<T: Debug + Clone, B: Classify>(failure: &Failure<'_, T, B>) -> Verdict {
    failure.classify()
}

fn main() {
    type Plain<'a> = Failure<'a, u8>;
    let lost = || io::Error::from(io::ErrorKind::ConnectionReset);
    assert_eq!(verdict(&Plain::Text("no", [1, 2])), Verdict::Permanent);
    assert_eq!(verdict(&Plain::Backend(Box::new(lost()))), Verdict::Transient);
    assert_eq!(verdict(&Plain::Io(lost())), Verdict::Transient);
}
