//! What is understood of a command line.

use clap::{CommandFactory as _, Parser as _};

use super::Arguments;

#[test]
fn no_arguments_mean_the_demonstration() {
    Arguments::command().debug_assert();
    assert!(Arguments::parse_from(["notion"]).command.is_none());
}

#[test]
fn a_report_goes_to_one_place() {
    let id = "1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d";
    let told = |arguments: &[&str]| {
        let all = ["notion", "push", "a.md"].iter().chain(arguments);
        match Arguments::try_parse_from(all) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    };
    let (page, source) = (["--parent", id], ["--data-source", id]);
    let both = [page, source].concat();
    assert!(told(&[]).contains("<--parent <ID>|--data-source <ID>>"));
    assert!(told(&both).contains("cannot be used with"));
    assert_eq!(told(&page), "");
    for more in [["--id-property", "External ID"], ["--properties", "a.json"]] {
        // Only a page of a data source has any; none is left out without a word.
        assert!(told(&[page, more].concat()).contains("cannot be used with"));
        assert_eq!(told(&[source, more].concat()), "");
        assert!(told(&more).contains("<--parent <ID>|--data-source <ID>>"));
    }
}
