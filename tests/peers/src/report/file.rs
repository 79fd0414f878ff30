//! Files.

#[cfg(test)]
mod tests;

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Plan, Record, Role};

const BEGIN: &str = "<!-- figures: what is below is written by tests/peers -->\n";
const END: &str = "<!-- end of figures -->\n";

/// Puts the tables between the markers of a file.
pub(crate) fn replace(path: &Path, tables: &str) -> Result<(), String> {
    let (before, after) = around(path)?;
    std::fs::write(path, format!("{before}{BEGIN}\n{tables}{END}{after}"))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// What is before and behind the markers.
pub(crate) fn around(path: &Path) -> Result<(String, String), String> {
    let told = |what: &str| format!("{}: {what}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| told(&error.to_string()))?;
    let (before, rest) = text
        .split_once(BEGIN)
        .ok_or_else(|| told("the first marker is missing"))?;
    let (_, after) = rest
        .split_once(END)
        .ok_or_else(|| told("the second marker is missing"))?;
    Ok((before.to_owned(), after.to_owned()))
}

/// Every figure of every round.
pub(crate) fn write_json(path: &Path, records: &[Record], plan: Plan) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    let records: Vec<Value> = records.iter().map(record).collect();
    let whole = json!({ "rounds": plan.rounds, "smoke": plan.smoke, "figures": records });
    std::fs::write(path, format!("{whole:#}\n")).map_err(told)
}

fn record(record: &Record) -> Value {
    let (role, library) = match record.role {
        Role::Bare => ("bare", None),
        Role::Hand => ("hand", None),
        Role::Ours | Role::OursToo => ("ours", None),
        Role::Peer(peer) => ("peer", Some(peer.name())),
        Role::Beside(library) => ("beside", Some(library)),
    };
    json!({
        "scenario": record.scenario,
        "stage": record.stage,
        "variant": record.name,
        "role": role,
        "library": library,
        "unit": record.unit.text(),
        "median": record.median(),
        "p25": record.quantile(0.25),
        "p75": record.quantile(0.75),
        "rounds": record.samples,
        "disturbed": record.disturbed,
    })
}
