//! Where the bytes of a binary are: its sections and its symbols, as binutils tell them, beside those of plain tokio.

mod symbols;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::binary::built;
use crate::cargo::{Build, Profile, printed};
use crate::error::Failure;
use crate::table::{Table, grouped, signed};
use crate::users::Users;
use crate::variants::VARIANTS;

const PLAIN: &str = "plain";
const OURS: &str = "wait-or-die-retry";

/// Bytes of sections.
type Sections = BTreeMap<String, u64>;

/// Measures and prints.
pub(crate) fn print(users: &Users) -> Result<(), Failure> {
    let build = Build::new(users.folder(), "shared", Profile::Named);
    let [plain, ours] = [binary(&build, PLAIN)?, binary(&build, OURS)?];
    let sections = [sections(&plain)?, sections(&ours)?];
    print!("{}", table(&sections).titled("Sections of the binary"));
    let symbols = [symbols::read(&plain)?, symbols::read(&ours)?];
    let table = symbols::table(&symbols);
    print!("{}", table.titled("Symbols of the same binary, over plain"));
    Ok(())
}

fn binary(build: &Build, id: &str) -> Result<PathBuf, Failure> {
    let variant = VARIANTS.iter().find(|variant| variant.id == id);
    built(
        build,
        variant.ok_or_else(|| Failure::new(format!("no variant is called {id}")))?,
    )
}

/// What a program of binutils prints of a binary, in English.
fn told(program: &str, arguments: &[&str], binary: &Path) -> Result<String, Failure> {
    let mut command = Command::new(program);
    printed(command.env("LC_ALL", "C").args(arguments).arg(binary))
}

fn sections(binary: &Path) -> Result<Sections, Failure> {
    parse(&told("readelf", &["--section-headers", "--wide"], binary)?)
}

/// The sections that are loaded and stand in the file.
fn parse(told: &str) -> Result<Sections, Failure> {
    let mut sections = Sections::new();
    for line in told.lines() {
        let Some((_, line)) = line.split_once("] .") else {
            continue;
        };
        // Name, type, address, offset, size, size of an entry; flags, which not all have; three numbers.
        let fields: Vec<&str> = line.split_whitespace().collect();
        let &[name, kind, _, _, size, _, flags, _, _, _] = fields.as_slice() else {
            continue;
        };
        if flags.contains('A') && kind != "NOBITS" {
            let size = u64::from_str_radix(size, 16).map_err(Failure::at(name))?;
            *sections.entry(row(name)).or_default() += size;
        }
    }
    if sections.is_empty() {
        return Err(Failure::new(format!("readelf told no sections: `{told}`")));
    }
    Ok(sections)
}

/// The row that a section is counted in.
fn row(name: &str) -> String {
    match name {
        "eh_frame" | "eh_frame_hdr" | "gcc_except_table" => {
            "`.eh_frame` and its index, `.gcc_except_table`".to_owned()
        }
        _ => format!("`.{name}`"),
    }
}

/// Those that differ, the greatest growth first.
fn table([plain, ours]: &[Sections; 2]) -> Table {
    let mut table = Table::with_words(1, &["section", "plain", "ours", "more"]);
    let of = |sections: &Sections, name| sections.get(name).copied().unwrap_or_default();
    let names: BTreeSet<&String> = plain.keys().chain(ours.keys()).collect();
    let mut rows: Vec<_> = names
        .into_iter()
        .map(|name| (name.as_str(), of(plain, name), of(ours, name)))
        .filter(|(_, plain, ours)| plain != ours)
        .collect();
    rows.sort_by_key(|(_, plain, ours)| plain.cast_signed() - ours.cast_signed());
    rows.push(("all", plain.values().sum(), ours.values().sum()));
    for (name, plain, ours) in rows {
        let more = signed(ours.cast_signed() - plain.cast_signed());
        table.row([name.to_owned(), grouped(plain), grouped(ours), more]);
    }
    table
}
