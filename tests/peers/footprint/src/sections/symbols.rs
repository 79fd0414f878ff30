//! Which module the bytes of a binary belong to, by the names of its symbols.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::told;
use crate::error::Failure;
use crate::table::{Table, grouped, signed};

/// Whose a symbol is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// A module of the library.
    Module(String),
    Std,
    Other,
}

/// What the symbols of an owner hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) code: u64,
    pub(super) data: u64,
    /// The largest of them.
    pub(super) largest: (u64, String),
}

/// All that a binary has.
pub(super) type Symbols = BTreeMap<Owner, Held>;

pub(super) fn read(binary: &Path) -> Result<Symbols, Failure> {
    let arguments = ["--print-size", "--size-sort", "--demangle", "--radix=d"];
    parse(&told("nm", &arguments, binary)?)
}

pub(super) fn parse(told: &str) -> Result<Symbols, Failure> {
    let mut symbols = Symbols::new();
    // Functions that are the same share an address under several names.
    let mut seen = BTreeSet::new();
    for line in told.lines() {
        let fields: Vec<&str> = line.splitn(4, ' ').collect();
        let &[address, size, kind, name] = fields.as_slice() else {
            return Err(Failure::new(format!("no symbol of nm's: `{line}`")));
        };
        let size: u64 = size.parse().map_err(Failure::at(line))?;
        let held = symbols.entry(owner(name)).or_default();
        let bytes = match kind {
            "t" | "T" | "w" | "W" => &mut held.code,
            "r" | "R" | "d" | "D" | "v" | "V" => &mut held.data,
            // What is zero at the start is not in the file.
            _ => continue,
        };
        if seen.insert(address) {
            *bytes += size;
            if size > held.largest.0 {
                held.largest = (size, name.to_owned());
            }
        }
    }
    Ok(symbols)
}

/// A symbol that names the library anywhere is its own: code of others is there for a type of ours.
fn owner(name: &str) -> Owner {
    let other = |character: char| !character.is_alphanumeric() && character != '_';
    if let Some((_, path)) = name.split_once("wait_or_die::") {
        let module = path.split(other).next().unwrap_or_default();
        return Owner::Module(module.to_owned());
    }
    let first = name.split_once("::").map(|(path, _)| path);
    match first.and_then(|path| path.rsplit(other).next()) {
        Some("std" | "core" | "alloc") => Owner::Std,
        _ => Owner::Other,
    }
}

/// What ours has more than plain, the most first.
pub(super) fn table([plain, ours]: &[Symbols; 2]) -> Table {
    let mut table = Table::new(&["symbols", "the largest", "code", "data", "bytes"]);
    let mut rows: Vec<_> = ours
        .iter()
        .map(|(owner, held)| {
            let base = plain.get(owner).cloned().unwrap_or_default();
            let more = |ours: u64, plain: u64| ours.cast_signed() - plain.cast_signed();
            let code = more(held.code, base.code);
            (owner, held, code, more(held.data, base.data))
        })
        .collect();
    rows.sort_by_key(|(_, _, code, data)| -(code + data));
    for (owner, held, code, data) in rows {
        let bytes = [code, data, code + data].map(signed);
        table.row(words(owner, held).into_iter().chain(bytes));
    }
    table
}

fn words(owner: &Owner, held: &Held) -> [String; 2] {
    match owner {
        Owner::Module(module) => {
            let (size, name) = &held.largest;
            let name = name.replace("wait_or_die::", "");
            [
                format!("`{module}`"),
                format!("`{name}`: {}", grouped(*size)),
            ]
        }
        Owner::Std => ["std, core and alloc".to_owned(), String::new()],
        Owner::Other => ["everything else".to_owned(), String::new()],
    }
}
