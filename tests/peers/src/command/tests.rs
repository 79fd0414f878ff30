use super::*;

fn refused(arguments: &[&str]) -> String {
    asked(arguments).err().unwrap_or_default()
}

fn asked(arguments: &[&str]) -> Result<Options, String> {
    let arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
    parse(&arguments)
}

#[test]
fn a_part_does_not_replace_the_tables_of_everything() {
    for part in [
        &["--smoke"][..],
        &["--only", "S1"],
        &["--variant", "ours"],
        &["5", "--smoke", "--only", "S1"],
    ] {
        let arguments = [&["--write", "page.md"], part].concat();
        assert_eq!(refused(&arguments), PART, "{arguments:?}");
        let arguments = [part, &["--write", "page.md"]].concat();
        assert_eq!(refused(&arguments), PART, "{arguments:?}");
        assert!(asked(part).is_ok(), "{part:?}");
    }
    assert!(asked(&["5", "--write", "page.md", "--json", "all.json"]).is_ok());
}

#[test]
fn an_unknown_scenario_is_named_beside_those_that_exist() {
    let told = refused(&["--only", "S1,S10,s2,S9s,"]);
    assert!(told.contains("called `S10`, `s2`, ``; "), "{told}");
    assert!(told.contains(" S1, S1n, "), "{told}");
    assert!(told.ends_with(" S9s, S11, S11t, S13, changes"), "{told}");
}

#[test]
fn a_scenario_stands_for_its_variations() {
    let wanted = |only| {
        let options = asked(&["--only", only]).ok();
        options.map(|options| {
            let harness: Vec<_> = scenarios::names()
                .filter(|name| options.wants(name))
                .collect();
            (harness, options.wants_storm())
        })
    };
    assert_eq!(wanted("S1"), Some((vec!["S1", "S1n"], false)));
    assert_eq!(wanted("S2n,S13"), Some((vec!["S2n"], false)));
    assert_eq!(wanted("S11"), Some((vec![], true)));
    assert_eq!(wanted("S11t"), Some((vec![], true)));
}

#[test]
fn no_round_at_all_is_refused() {
    assert_eq!(refused(&["0"]), USAGE);
}
