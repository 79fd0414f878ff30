use super::*;

#[test]
fn the_processor_is_the_first_that_has_a_name() {
    let about =
        "processor\t: 0\nmodel\t\t: 1\nmodel name\t: Some CPU @ 2 GHz: fast\nmodel name\t: other\n";
    assert_eq!(model(about), Some("Some CPU @ 2 GHz: fast"));
    assert_eq!(model("processor\t: 0\n"), None);
}

#[test]
fn versions_are_those_of_the_lock_file() {
    let manifest = include_str!("../../../Cargo.toml");
    let tokio = locked("tokio").expect("tokio");
    assert!(manifest.contains(&format!("\ntokio = {{ version = \"={tokio}\"")));
    assert!(locked("wait-or-die").is_some());
    assert_eq!(locked("toki"), None);
}

#[test]
fn a_commit_says_whether_there_are_changes() {
    let told = [Some(""), Some(" M src/lib.rs"), None].map(|changes| at("97022f1", changes));
    assert_eq!(
        told,
        [
            " at 97022f1",
            " at 97022f1 with changes",
            " at 97022f1, perhaps with changes"
        ]
    );
}

#[test]
fn what_cannot_be_asked_says_nothing() {
    assert_eq!(output("no-such-program", &[]), None);
    assert_eq!(output("rustc", &["--no-such-option"]), None);
    assert!(output("rustc", &["--version"]).is_some_and(|told| told.starts_with("rustc 1.")));
}
