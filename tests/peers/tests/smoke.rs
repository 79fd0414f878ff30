//! The program with little of everything: every variant does what its scenario promises, or the program ends with a
//! panic.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const RETRIES: &[&str] = &[
    "backon",
    "tokio-retry",
    "tokio-retry2",
    "backoff",
    "tryhard",
    "retry-policies",
    "seatbelt",
    "tower",
    "tower-resilience",
];
const BREAKERS: &[&str] = &["failsafe", "recloser", "seatbelt", "tower-resilience"];
const BOTH: &[&str] = &["backon", "tokio-retry", "seatbelt", "tower-resilience"];

/// Where which peers are measured.
const SCENARIOS: &[(&str, &str, &[&str])] = &[
    ("S1", "1 thread", RETRIES),
    ("S1n", "1 thread", RETRIES),
    ("S2", "1 thread", RETRIES),
    ("S2n", "1 thread", RETRIES),
    ("S2o", "1 thread", &[]),
    ("S3", "1 thread", RETRIES),
    ("S3t", "1 worker", RETRIES),
    ("S3t", "2 workers", RETRIES),
    ("S4", "1 thread", BREAKERS),
    ("S4n", "1 thread", BREAKERS),
    ("S5", "1 thread", BREAKERS),
    ("S5", "2 threads", BREAKERS),
    ("S5", "8 threads", BREAKERS),
    // tower-resilience is driven by the runtime, which its workers cannot do.
    ("S5", "2 workers", &["failsafe", "recloser", "seatbelt"]),
    ("S6", "1 thread", BREAKERS),
    ("S7", "1 thread", RETRIES),
    ("S7b", "1 thread", BREAKERS),
    ("S8", "1 thread", RETRIES),
    ("S9", "1 thread", BOTH),
    ("S9n", "1 thread", BOTH),
    ("S9s", "1 thread", BOTH),
    ("S11", "1 thread", RETRIES),
    ("S11t", "1 thread", RETRIES),
    (
        "S13",
        "1 thread",
        &["failsafe", "seatbelt", "tower-resilience"],
    ),
];

fn peers(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_peers"))
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn every_variant_does_what_it_should() {
    let json = Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures.json");
    let output = peers(&["--smoke", "--json", &json.to_string_lossy()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    let missing: Vec<_> = SCENARIOS
        .iter()
        .filter(|(id, ..)| !told.contains(&format!("\n**{id}: ")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(!told.contains("**–**"), "ours is missing: {told}");
    assert!(told.contains("old state still answered: 0"), "{told}");
    let figures = std::fs::read_to_string(&json).expect("a file of figures");
    let figures: Value = serde_json::from_str(&figures).expect("JSON");
    let list = figures["figures"].as_array().expect("a list");
    assert!(
        list.iter()
            .all(|each| each["rounds"].as_array().is_some_and(|all| all.len() == 1))
    );
    assert!(
        list.iter()
            .all(|each| each["median"].as_f64().is_some_and(|figure| figure > 0.0))
    );
    every_peer_is_there(list);
}

/// None is lost, none is there twice.
fn every_peer_is_there(figures: &[Value]) {
    let mut found: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for each in figures {
        let field = |name: &str| each[name].as_str().unwrap_or_default();
        let peers = found
            .entry((field("scenario"), field("stage")))
            .or_default();
        if field("role") == "peer" {
            peers.push(field("library"));
        }
    }
    let wanted = SCENARIOS
        .iter()
        .map(|&(scenario, stage, peers)| ((scenario, stage), peers.to_vec()));
    assert_eq!(found, wanted.collect());
}

#[test]
fn what_is_not_understood_is_an_error() {
    for arguments in [
        &["--only"][..],
        &["many"],
        &["--only", "S10"],
        &["--smoke", "--only", "S1,S10"],
        &["--smoke", "--only", "S1", "--write", "page.md"],
        &["--write", "no/such/page.md"],
    ] {
        let output = peers(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}
