//! What the macros accept, and what they say to what they refuse; one case for each mistake.
//!
//! The texts are those of one compiler. After a change, `TRYBUILD=overwrite` writes them anew; read
//! each as a user would before it is kept.

#[rustversion::attr(not(stable(1.95)), ignore = "messages are pinned to Rust 1.95")]
#[test]
fn messages_of_the_retry() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/wait_or_die/pass/*.rs");
    cases.compile_fail("ui/wait_or_die/fail/*.rs");
}

#[rustversion::attr(not(stable(1.95)), ignore = "messages are pinned to Rust 1.95")]
#[test]
fn messages_of_the_breaker() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/circuit_breaker/pass/*.rs");
    cases.compile_fail("ui/circuit_breaker/fail/*.rs");
}

#[rustversion::attr(not(stable(1.95)), ignore = "messages are pinned to Rust 1.95")]
#[test]
fn messages_of_the_derive() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/classify/pass/*.rs");
    cases.compile_fail("ui/classify/fail/*.rs");
}
