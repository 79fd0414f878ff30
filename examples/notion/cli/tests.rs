//! What is understood of a command line.

use clap::{CommandFactory as _, Parser as _};

use super::Arguments;

#[test]
fn no_arguments_mean_the_demonstration() {
    Arguments::command().debug_assert();
    assert!(Arguments::parse_from(["notion"]).command.is_none());
    assert!(
        Arguments::try_parse_from(["notion", "push", "a.md"]).is_err(),
        "where to"
    );
}
