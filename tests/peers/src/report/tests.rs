use super::*;
use crate::harness::{Peer, Role, Unit};

fn record(scenario: &'static str, unit: Unit, name: &str, role: Role, samples: &[f64]) -> Record {
    Record {
        scenario,
        title: "a title",
        unit,
        stage: "1 thread".to_owned(),
        name: name.to_owned(),
        role,
        samples: samples.to_vec(),
        disturbed: 0,
    }
}

fn nanos(scenario: &'static str, name: &str, role: Role, median: f64) -> Record {
    record(scenario, Unit::Nanos, name, role, &[median; 3])
}

fn rate(stage: &str, name: &str, role: Role, median: f64) -> Record {
    Record {
        stage: stage.to_owned(),
        ..record("S3t", Unit::Rate, name, role, &[median; 3])
    }
}

/// The paragraphs and lists between the first table and the second.
fn between(records: &[Record]) -> String {
    let text = markdown(records, "here");
    let (_, rest) = text.split_once("|\n\n").expect("a table");
    let (found, _) = rest.split_once("**S").expect("another table");
    found.to_owned()
}

#[test]
fn rounds_are_those_of_the_samples() {
    let told = |counts: &[(&'static str, usize)]| {
        let records: Vec<_> = counts
            .iter()
            .map(|&(id, count)| record(id, Unit::Nanos, "ours", Role::Ours, &vec![1.0; count]))
            .collect();
        let text = markdown(&records, "here");
        text.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(told(&[("S1", 1)]), "Medians of 1 round here.");
    assert_eq!(
        told(&[("S11", 5), ("S1", 41), ("S2", 41)]),
        "Medians of 41 rounds, of 5 in S11 here."
    );
    assert_eq!(
        told(&[("S1", 41), ("S2", 41), ("S3", 41), ("S11", 5), ("S11t", 5)]),
        "Medians of 41 rounds, of 5 in S11 and S11t here."
    );
}

#[test]
fn a_cell_that_is_more_than_its_column_has_a_note() {
    let (backon, tryhard) = (Role::Peer(Peer::Backon), Role::Peer(Peer::Tryhard));
    let policies = Role::Peer(Peer::RetryPolicies);
    let records = [
        nanos("S1", "bare", Role::Bare, 1.0),
        nanos("S1", "by hand: slow", Role::Hand, 2.0),
        nanos("S1", "by hand: fast", Role::Hand, 1.0),
        nanos("S1", "ours", Role::Ours, 1.0),
        nanos("S1", "ours, otherwise", Role::OursToo, 1.0),
        nanos("S1", "backon", backon, 2.0),
        nanos("S1", "retry-policies, a loop", policies, 2.0),
        nanos("S2", "`timeout`", Role::Ours, 1.0),
        nanos("S2", "backon + timeout", backon, 2.0),
        nanos("S2", "tryhard + timeout", tryhard, 2.0),
        nanos("S2", "retry-policies, a loop", policies, 2.0),
        nanos("S2", "failsafe, a, b", Role::Peer(Peer::Failsafe), 2.0),
        nanos("S2", "tower, a, b", Role::Peer(Peer::Tower), 2.0),
        rate("1 thread", "ours, `budget = none`", Role::Ours, 3.0),
        rate("2 threads", "ours, `budget = none`", Role::Ours, 3.0),
    ];
    let told = between(&records);
    let (notes, _) = told.split_once("**Where").expect("what is behind");
    assert_eq!(
        notes,
        "Where a cell is more than its column says:\n\n\
         - S1: by hand: fast\n\
         - S1, S2: retry-policies, a loop\n\
         - S2: ours: `timeout`; backon, tryhard: each + timeout; failsafe, tower: a, b\n\
         - S3t: ours, `budget = none`\n\n"
    );
}

#[test]
fn peers_that_are_better_are_told_best_first() {
    let (backon, tower) = (Role::Peer(Peer::Backon), Role::Peer(Peer::Tower));
    let records = [
        nanos("S1", "ours", Role::Ours, 3.0),
        nanos("S1", "backon", backon, 2.5),
        nanos("S1", "tower", tower, 1.1),
        nanos("S1", "tryhard", Role::Peer(Peer::Tryhard), 3.0),
        nanos("S1", "governor", Role::Beside("governor"), 1.0),
        nanos("S2", "ours", Role::Ours, 3.0),
        nanos("S2", "tower", tower, 1_234.0),
        rate("1 thread", "ours", Role::Ours, 6.0),
        rate("1 thread", "backon", backon, 5.0),
        rate("2 threads", "ours", Role::Ours, 6.0),
        rate("2 threads", "backon", backon, 7.0),
        rate("2 threads", "tower", tower, 11.0),
    ];
    assert_eq!(
        between(&records),
        "**Where a peer's median is better than ours**\n\n\
         - S1: tower 1.10, backon 2.50; ours 3.00 ns\n\
         - S3t, 2 threads: tower 11.0, backon 7.00; ours 6.00 M/s\n\n"
    );
}

#[test]
fn no_loss_is_told_too_where_there_is_a_peer() {
    let ours = || nanos("S1", "ours", Role::Ours, 3.0);
    let told = between(&[ours(), nanos("S1", "tower", Role::Peer(Peer::Tower), 4.0)]);
    assert_eq!(
        told,
        "**Where a peer's median is better than ours**\n\n- nowhere\n\n"
    );
    assert_eq!(between(&[ours()]), "");
}
