//! The program with little of everything: every variant does what its scenario promises, or the program ends with a
//! panic.

use std::path::Path;
use std::process::{Command, Output};

const SCENARIOS: [&str; 20] = [
    "S1", "S1n", "S2", "S2n", "S2o", "S3", "S3t", "S4", "S4n", "S5", "S6", "S7", "S7b", "S8", "S9",
    "S9n", "S9s", "S11", "S11t", "S13",
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
        .filter(|id| !told.contains(&format!("\n**{id}: ")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(told.contains("old state still answered: 0"), "{told}");
    let figures = std::fs::read_to_string(&json).expect("a file of figures");
    let figures: serde_json::Value = serde_json::from_str(&figures).expect("JSON");
    let list = figures["figures"].as_array().expect("a list");
    assert!(
        list.iter()
            .all(|each| each["rounds"].as_array().is_some_and(|all| all.len() == 1))
    );
    assert!(
        list.iter()
            .all(|each| each["median"].as_f64().is_some_and(|figure| figure > 0.0))
    );
}

#[test]
fn the_tables_take_the_place_between_the_markers() {
    let page = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page.md");
    let begin = "<!-- figures: what is below is written by tests/peers -->\n";
    let end = "<!-- end of figures -->\n";
    std::fs::write(&page, format!("before\n{begin}old\n{end}after\n")).expect("a page");
    let output = peers(&[
        "--smoke",
        "--only",
        "S1n",
        "--write",
        &page.to_string_lossy(),
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let written = std::fs::read_to_string(&page).expect("the page");
    assert!(written.starts_with(&format!("before\n{begin}")));
    assert!(written.ends_with(&format!("{end}after\n")));
    assert!(written.contains("**S1n: ") && !written.contains("**S1: ") && !written.contains("old"));
}

#[test]
fn what_is_not_understood_is_an_error() {
    for arguments in [
        &["--only"][..],
        &["many"],
        &["--only", "S10"],
        &["--smoke", "--write", "no/such/page.md"],
    ] {
        let output = peers(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}
