//! What `#[derive(Classify)]` accepts, and what it says to what it refuses.

#[rustversion::attr(not(stable(1.95)), ignore = "messages are pinned to Rust 1.95")]
#[test]
fn classify() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/classify/pass/*.rs");
    cases.compile_fail("ui/classify/fail/*.rs");
}
