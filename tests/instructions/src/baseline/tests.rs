use super::{Baseline, Comparison};
use crate::measure::Measured;

const COMPILER: &str = "rustc 1.95.0 (59807616e 2026-04-14)";
const TARGET: &str = "x86_64-unknown-linux-gnu";

fn counts(counts: &[(&str, f64)]) -> Vec<Measured> {
    let measured = |&(name, instructions): &(&str, f64)| Measured {
        name: name.to_owned(),
        instructions,
    };
    counts.iter().map(measured).collect()
}

fn baseline() -> Baseline {
    let text = Baseline::text(
        COMPILER,
        TARGET,
        &counts(&[("one", 100.0), ("two", 2000.0)]),
    );
    Baseline::parse(&text).unwrap()
}

fn compare(measured: &[(&str, f64)]) -> Comparison {
    baseline().compare(&counts(measured))
}

#[test]
fn a_growth_of_more_than_3_percent_fails() {
    let comparison = compare(&[("one", 103.1), ("two", 2000.0)]);
    assert!(!comparison.holds);
    assert_eq!(
        comparison.text,
        "one                      103.10 instructions per call, +3.10 % of 100.00 GROWN\n\
         two                     2000.00 instructions per call, +0.00 % of 2000.00\n"
    );
    assert!(!compare(&[("one", 100.0), ("two", 2062.0)]).holds);
}

#[test]
fn a_growth_of_less_passes() {
    let comparison = compare(&[("one", 102.9), ("two", 2058.0)]);
    assert!(comparison.holds);
    assert_eq!(
        comparison.text,
        "one                      102.90 instructions per call, +2.90 % of 100.00\n\
         two                     2058.00 instructions per call, +2.90 % of 2000.00\n"
    );
}

#[test]
fn what_shrinks_passes_and_says_so_beyond_3_percent() {
    let comparison = compare(&[("one", 96.9), ("two", 1942.0)]);
    assert!(comparison.holds);
    assert_eq!(
        comparison.text,
        "one                       96.90 instructions per call, -3.10 % of 100.00 shrunk: renew `baseline.txt`, so \
         that it stays so\n\
         two                     1942.00 instructions per call, -2.90 % of 2000.00\n"
    );
}

#[test]
fn a_scenario_that_is_only_measured_or_only_remembered_fails() {
    let comparison = compare(&[("one", 100.0), ("three", 1.0)]);
    assert!(!comparison.holds);
    assert_eq!(
        comparison.text,
        "one                      100.00 instructions per call, +0.00 % of 100.00\n\
         three                measured, but not remembered\n\
         two                  remembered, but not measured\n"
    );
    assert!(!compare(&[("one", 100.0), ("two", 2000.0), ("three", 1.0)]).holds);
    assert!(!compare(&[("one", 100.0)]).holds);
}

#[test]
fn another_compiler_fails_unless_it_is_allowed() {
    let baseline = baseline();
    let why = "the baseline is one of the compiler `rustc 1.95.0 (59807616e 2026-04-14)`, and this is `rustc 1.96.0`";
    let refused = baseline.skipped("rustc 1.96.0", TARGET, false).unwrap_err();
    assert_eq!(
        refused,
        format!(
            "{why}; renew the baseline with `cargo run --release --locked -- renew` and commit it, or set \
             `INSTRUCTIONS_OTHER_COMPILER=allow` to compare nothing"
        )
    );
    let allowed = baseline.skipped("rustc 1.96.0", TARGET, true);
    assert_eq!(allowed.unwrap().unwrap(), why);
}

#[test]
fn another_target_is_skipped_and_its_own_is_compared_whatever_is_allowed() {
    let baseline = baseline();
    for allowed in [false, true] {
        assert_eq!(baseline.skipped(COMPILER, TARGET, allowed), Ok(None));
        for compiler in [COMPILER, "rustc 1.96.0"] {
            let told = baseline.skipped(compiler, "aarch64-unknown-linux-gnu", allowed);
            assert_eq!(
                told.unwrap().unwrap(),
                "the baseline is one of the target `x86_64-unknown-linux-gnu`, and this is `aarch64-unknown-linux-gnu`"
            );
        }
    }
}

#[test]
fn a_file_that_is_none_is_refused() {
    for text in [
        "one",
        "one: ",
        "one: many",
        "one: 0",
        "one: -1",
        "one: NaN",
        "one: inf",
    ] {
        assert!(Baseline::parse(text).is_err(), "{text}");
    }
}

#[test]
fn the_file_of_this_folder_has_every_scenario() {
    let baseline = Baseline::parse(include_str!("../../baseline.txt")).unwrap();
    let names: Vec<&str> = baseline
        .counts
        .iter()
        .map(|each| each.name.as_str())
        .collect();
    let scenarios = crate::scenarios::SCENARIOS.map(|each| each.name);
    assert_eq!(names, scenarios);
}
