use super::*;
use crate::harness::{Peer, Unit};

#[test]
fn the_tables_take_the_place_between_the_markers() {
    let page = std::env::temp_dir().join(format!("peers-{}.md", std::process::id()));
    let text = |tables: &str| format!("before\n{BEGIN}{tables}{END}after\n");
    std::fs::write(&page, text("old\n")).expect("a page");
    let replaced = replace(&page, "new\n");
    let written = std::fs::read_to_string(&page);
    std::fs::remove_file(&page).expect("the page is there");
    assert_eq!(replaced, Ok(()));
    assert_eq!(written.expect("a text"), text("\nnew\n"));
}

#[test]
fn a_page_without_markers_is_told() {
    let page = std::env::temp_dir().join(format!("peers-{}-bare.md", std::process::id()));
    let told = |text: &str| {
        std::fs::write(&page, text).expect("a page");
        replace(&page, "new\n").err().unwrap_or_default()
    };
    let (none, first) = (told("before\n"), told(&format!("before\n{BEGIN}old\n")));
    std::fs::remove_file(&page).expect("the page is there");
    assert!(none.ends_with("the first marker is missing"), "{none}");
    assert!(first.ends_with("the second marker is missing"), "{first}");
}

#[test]
fn the_json_has_every_round_and_how_many_were_disturbed() {
    let record = Record {
        scenario: "S5",
        title: "a title",
        unit: Unit::Rate,
        stage: "2 threads".to_owned(),
        name: "by its docs".to_owned(),
        role: Role::Peer(Peer::Backon),
        samples: vec![4.0, 2.0, 3.0],
        disturbed: 2,
    };
    let file = std::env::temp_dir().join(format!("peers-{}.json", std::process::id()));
    let plan = Plan {
        rounds: 3,
        smoke: false,
    };
    let written = write_json(&file, &[record], plan);
    let text = std::fs::read_to_string(&file);
    std::fs::remove_file(&file).expect("the file is there");
    assert_eq!(written, Ok(()));
    let whole: Value = serde_json::from_str(&text.expect("a text")).expect("JSON");
    let figures = json!([{
        "scenario": "S5", "stage": "2 threads", "variant": "by its docs", "role": "peer",
        "library": Peer::Backon.name(), "unit": "M/s", "median": 3.0, "p25": 2.5, "p75": 3.5,
        "rounds": [4.0, 2.0, 3.0], "disturbed": 2,
    }]);
    assert_eq!(
        whole,
        json!({ "rounds": 3, "smoke": false, "figures": figures })
    );
}
