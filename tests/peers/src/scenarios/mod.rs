//! What is measured.

mod breakers;
mod deadlines;
mod failures;
mod open;
mod options;
mod retries;
mod together;

use crate::body::{Ready, Suspends};
use crate::harness::{Apart, Expected, InPlace, Scenario, Stage};

const EACH: Expected = Expected::new(1.0, 1.0);

type Make = fn(&'static str) -> Scenario;

const ALL: &[(&str, Make)] = &[
    ("S1", s1),
    ("S1n", s1n),
    ("S2", s2),
    ("S2n", s2n),
    ("S2o", s2o),
    ("S3", s3),
    ("S3t", s3t),
    ("S4", s4),
    ("S4n", s4n),
    ("S5", s5),
    ("S6", s6),
    ("S7", s7),
    ("S7b", s7b),
    ("S8", s8),
    ("S9", s9),
    ("S9n", s9n),
    ("S9s", s9s),
];

pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|&(name, _)| name)
}

/// All of them, or those of these names.
pub(crate) fn all(wanted: impl Fn(&str) -> bool) -> Vec<Scenario> {
    ALL.iter()
        .filter(|(name, _)| wanted(name))
        .map(|(name, make)| make(name))
        .collect()
}

fn s1(id: &'static str) -> Scenario {
    let cases = retries::cases::<Ready<1>, InPlace>();
    Scenario::new(id, "retry, ready at once", EACH, cases)
}

fn s1n(id: &'static str) -> Scenario {
    let title = "retry, ready at once, not inlined";
    let cases = retries::cases::<Ready<101>, Apart>();
    Scenario::new(id, title, EACH, cases)
}

fn s2(id: &'static str) -> Scenario {
    let title = "retry and a deadline of 30 s, ready at once";
    let cases = deadlines::cases::<Ready<2>, InPlace>();
    Scenario::new(id, title, EACH, cases)
}

fn s2n(id: &'static str) -> Scenario {
    let title = "retry and a deadline of 30 s, ready at once, not inlined";
    let cases = deadlines::cases::<Ready<102>, Apart>();
    Scenario::new(id, title, EACH, cases)
}

fn s2o(id: &'static str) -> Scenario {
    let title = "the options of the attributes, ready at once";
    let cases = options::cases::<Ready<202>, InPlace>();
    Scenario::new(id, title, EACH, cases)
}

fn s3(id: &'static str) -> Scenario {
    let title = "retry and a deadline of 30 s, the body suspends once";
    let cases = deadlines::cases::<Suspends<3>, InPlace>();
    Scenario::new(id, title, EACH, cases)
}

fn s3t(id: &'static str) -> Scenario {
    let title = "S3 by the workers of one runtime";
    let cases = deadlines::cases::<Suspends<103>, InPlace>();
    Scenario::new(id, title, EACH, cases).on(&[Stage::Workers(1), Stage::Workers(2)])
}

fn s4(id: &'static str) -> Scenario {
    let cases = breakers::closed::<Ready<4>, InPlace>();
    Scenario::new(id, "breaker, closed", EACH, cases)
}

fn s4n(id: &'static str) -> Scenario {
    let cases = breakers::closed::<Ready<104>, Apart>();
    Scenario::new(id, "breaker, closed, not inlined", EACH, cases)
}

fn s5(id: &'static str) -> Scenario {
    let title = "breaker, closed, calls of several threads";
    Scenario::new(id, title, EACH, breakers::shared::<Ready<5>>()).on(&[
        Stage::Threads(1),
        Stage::Threads(2),
        Stage::Threads(8),
        Stage::Workers(2),
    ])
}

fn s6(id: &'static str) -> Scenario {
    let expected = Expected::new(0.0, 0.0);
    let title = "breaker, open: the call is rejected";
    Scenario::new(id, title, expected, open::cases())
}

fn s7(id: &'static str) -> Scenario {
    let expected = Expected::new(1.0, 100.0 / 99.0);
    let title = "retry without a wait, 1 % of the attempts fail";
    Scenario::new(id, title, expected, failures::flaky()).of(990)
}

fn s7b(id: &'static str) -> Scenario {
    let expected = Expected::new(0.99, 1.0);
    let title = "breaker, closed, 1 % of the calls fail";
    Scenario::new(id, title, expected, breakers::flaky()).of(1_000)
}

fn s8(id: &'static str) -> Scenario {
    let expected = Expected::new(1.0, 4.0);
    let title = "three failures, then success, without a wait";
    Scenario::new(id, title, expected, failures::fourth())
}

fn s9(id: &'static str) -> Scenario {
    let title = "breaker, retry and a deadline of 30 s, ready at once";
    let cases = together::cases::<Ready<9>, InPlace>();
    Scenario::new(id, title, EACH, cases)
}

fn s9n(id: &'static str) -> Scenario {
    let title = "breaker, retry and a deadline of 30 s, ready at once, not inlined";
    let cases = together::cases::<Ready<109>, Apart>();
    Scenario::new(id, title, EACH, cases)
}

fn s9s(id: &'static str) -> Scenario {
    let title = "breaker, retry and a deadline of 30 s, the body suspends once";
    let cases = together::cases::<Suspends<9>, InPlace>();
    Scenario::new(id, title, EACH, cases)
}
