//! What the front end makes of an argument list: what it takes, and what it says about the rest.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

mod accepted;
mod refused_structure;
mod refused_values;

use expect_test::Expect;

use super::{Parsed, WaitOrDie, parse};

fn read(args: &str) -> Parsed {
    parse(args.parse().expect("the test's arguments are tokens"))
}

/// The options of arguments that are right.
fn accepted(args: &str) -> WaitOrDie {
    let Parsed {
        options, errors, ..
    } = read(args);
    errors
        .finish(options)
        .unwrap_or_else(|error| panic!("`{args}` was refused: {error}"))
}

/// Every case with the messages it gives; a case without any fails.
#[track_caller]
fn refused(cases: &[&str], expected: &Expect) {
    let mut told = String::new();
    for args in cases {
        told.push_str(args);
        told.push('\n');
        let error = read(args).errors.finish(()).expect_err(args);
        for message in error {
            told.push_str("    ");
            told.push_str(&message.to_string());
            told.push('\n');
        }
    }
    expected.assert_eq(&told);
}
