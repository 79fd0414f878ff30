//! What the front end makes of an argument list: what it takes, and what it says about the rest.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

mod accepted;
mod breaker;
mod halt;
mod refused_breaker;
mod refused_structure;
mod refused_values;

use expect_test::Expect;
use proc_macro2::{Span, TokenStream};

use super::{CircuitBreaker, Errors, Parsed, WaitOrDie, circuit_breaker, wait_or_die};

fn tokens(args: &str) -> TokenStream {
    args.parse().expect("the test's arguments are tokens")
}

fn read(args: &str) -> Parsed<WaitOrDie> {
    wait_or_die(tokens(args))
}

fn read_breaker(args: &str) -> Parsed<CircuitBreaker> {
    circuit_breaker(tokens(args), Span::call_site())
}

/// The options of arguments that are right.
fn accepted(args: &str) -> WaitOrDie {
    right(read(args), args)
}

fn accepted_breaker(args: &str) -> CircuitBreaker {
    right(read_breaker(args), args)
}

fn right<T>(parsed: Parsed<T>, args: &str) -> T {
    let Parsed {
        options, errors, ..
    } = parsed;
    errors
        .finish(options)
        .unwrap_or_else(|error| panic!("`{args}` was refused: {error}"))
}

/// Every case with the messages it gives; a case without any fails.
#[track_caller]
fn refused(cases: &[&str], expected: &Expect) {
    told(cases, |args| read(args).errors, expected);
}

/// The same for a breaker that has a name.
#[track_caller]
fn refused_breaker(cases: &[&str], expected: &Expect) {
    let named = |args: &str| read_breaker(&format!("name = \"notion\", {args}")).errors;
    told(cases, named, expected);
}

#[track_caller]
fn told(cases: &[&str], errors: impl Fn(&str) -> Errors, expected: &Expect) {
    let mut told = String::new();
    for args in cases {
        told.push_str(args);
        told.push('\n');
        let error = errors(args).finish(()).expect_err(args);
        for message in error {
            told.push_str("    ");
            told.push_str(&message.to_string());
            told.push('\n');
        }
    }
    expected.assert_eq(&told);
}
