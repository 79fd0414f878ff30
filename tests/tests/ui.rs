//! What the attribute takes, and what it says to what it refuses; one case for each mistake.

#[rustversion::attr(not(stable(1.95)), ignore = "messages are pinned to Rust 1.95")]
#[test]
fn wait_or_die() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/wait_or_die/pass/*.rs");
    cases.compile_fail("ui/wait_or_die/fail/*.rs");
}
