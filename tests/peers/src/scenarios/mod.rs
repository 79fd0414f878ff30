//! What is measured.

mod breakers;
mod deadlines;
mod failures;
mod open;
mod retries;
mod together;

use crate::body::{Ready, Suspends};
use crate::harness::{Apart, Expected, InPlace, Scenario, Stage};

const EACH: Expected = Expected::new(1.0, 1.0);

type Make = fn() -> Scenario;

/// All of them, or those of these names.
pub(crate) fn all(wanted: impl Fn(&str) -> bool) -> Vec<Scenario> {
    let made: [(&str, Make); _] = [
        ("S1", || {
            let cases = retries::cases::<Ready<1>, InPlace>();
            Scenario::new("S1", "retry, ready at once", EACH, cases)
        }),
        ("S1", || {
            let cases = retries::cases::<Ready<101>, Apart>();
            Scenario::new(
                "S1n",
                "retry, ready at once, the call not inlined",
                EACH,
                cases,
            )
        }),
        ("S2", || {
            let cases = deadlines::cases::<Ready<2>>();
            Scenario::new(
                "S2",
                "retry and a deadline of 30 s, ready at once",
                EACH,
                cases,
            )
        }),
        ("S3", || {
            let cases = deadlines::cases::<Suspends<3>>();
            let title = "retry and a deadline of 30 s, the body suspends once";
            Scenario::new("S3", title, EACH, cases)
        }),
        ("S3t", || {
            let cases = deadlines::cases::<Suspends<103>>();
            let title = "S3 by the workers of one runtime";
            Scenario::new("S3t", title, EACH, cases).on(&[Stage::Workers(1), Stage::Workers(2)])
        }),
        ("S4", || {
            let cases = breakers::closed::<Ready<4>, InPlace>();
            Scenario::new("S4", "breaker, closed", EACH, cases)
        }),
        ("S4", || {
            let cases = breakers::closed::<Ready<104>, Apart>();
            Scenario::new("S4n", "breaker, closed, the call not inlined", EACH, cases)
        }),
        ("S5", || {
            Scenario::new(
                "S5",
                "breaker, closed, calls of several threads",
                EACH,
                breakers::shared::<Ready<5>>(),
            )
            .on(&[
                Stage::Threads(1),
                Stage::Threads(2),
                Stage::Threads(8),
                Stage::Workers(2),
            ])
        }),
        ("S6", || {
            let expected = Expected::new(0.0, 0.0);
            Scenario::new(
                "S6",
                "breaker, open: the call is rejected",
                expected,
                open::cases(),
            )
        }),
        ("S7", || {
            let expected = Expected::new(1.0, 100.0 / 99.0);
            let title = "retry without a wait, 1 % of the attempts fail";
            Scenario::new("S7", title, expected, failures::flaky()).of(990)
        }),
        ("S7", || {
            let expected = Expected::new(0.99, 1.0);
            let title = "breaker, closed, 1 % of the calls fail";
            Scenario::new("S7b", title, expected, breakers::flaky()).of(1_000)
        }),
        ("S8", || {
            let expected = Expected::new(1.0, 4.0);
            let title = "three failures, then success, without a wait";
            Scenario::new("S8", title, expected, failures::fourth())
        }),
        ("S9", || {
            let title = "breaker, retry and a deadline of 30 s, ready at once";
            Scenario::new("S9", title, EACH, together::cases::<Ready<9>>())
        }),
        ("S9", || {
            let title = "breaker, retry and a deadline of 30 s, the body suspends once";
            Scenario::new("S9s", title, EACH, together::cases::<Suspends<9>>())
        }),
    ];
    made.into_iter()
        .filter(|(name, _)| wanted(name))
        .map(|(_, make)| make())
        .collect()
}
