//! How large the binary of a whole program is.

use std::path::PathBuf;

use crate::cargo::{Build, Profile, run};
use crate::error::Failure;
use crate::table::{Table, grouped, signed};
use crate::users::Users;
use crate::variants::{VARIANTS, Variant};

/// Measures and prints.
pub(crate) fn print(users: &Users) -> Result<(), Failure> {
    let mut table = Table::new(&["protection", "by", "bytes", "over plain"]);
    let build = Build::new(users.folder(), "shared", Profile::Slim);
    let mut plain = None;
    for variant in VARIANTS {
        let binary = built(&build, variant)?;
        let metadata = std::fs::metadata(&binary).map_err(Failure::at(binary.display()))?;
        let bytes = metadata.len();
        let over = bytes.cast_signed() - plain.get_or_insert(bytes).cast_signed();
        let words = [variant.protection.name(), variant.title].map(str::to_owned);
        table.row(words.into_iter().chain([grouped(bytes), signed(over)]));
    }
    print!(
        "{}",
        table.titled("Size of the binary of a program with one function")
    );
    Ok(())
}

/// Builds the program with one function; where it is.
pub(crate) fn built(build: &Build, variant: &Variant) -> Result<PathBuf, Failure> {
    let name = variant.hello();
    run(build.command("build", variant).args(["--bin", &name]))?;
    Ok(build.folder().join(&name))
}
