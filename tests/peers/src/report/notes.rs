//! What fills a cell of the table, where that is more than its column says.

use std::fmt::Write as _;

use super::line::Line;

/// A variant by its column and what its name says beyond that, and where it is.
struct Note<'a> {
    column: &'static str,
    more: String,
    scenarios: Vec<&'a str>,
}

pub(super) fn list(lines: &[Line<'_>]) -> String {
    let notes = notes(lines);
    if notes.is_empty() {
        return String::new();
    }
    let mut text = "Where a cell is more than its column says:\n\n".to_owned();
    for (scenarios, notes) in grouped(&notes, |note| &note.scenarios) {
        let parts: Vec<_> = grouped(notes, |note| &note.more)
            .into_iter()
            .map(|(more, notes)| part(more, &notes))
            .collect();
        let _ = writeln!(text, "- {}: {}", scenarios.join(", "), parts.join("; "));
    }
    text.push('\n');
    text
}

fn notes<'a>(lines: &[Line<'a>]) -> Vec<Note<'a>> {
    let mut notes: Vec<Note<'a>> = Vec::new();
    for line in lines {
        let scenario = line.first.scenario;
        for (column, record) in line.cells() {
            let more = match record.name.strip_prefix(column) {
                Some("") => continue,
                Some(more) => more.to_owned(),
                None => format!(": {}", record.name),
            };
            let mut known = notes.iter_mut();
            match known.find(|each| each.column == column && each.more == more) {
                Some(note) if note.scenarios.contains(&scenario) => {}
                Some(note) => note.scenarios.push(scenario),
                None => notes.push(Note {
                    column,
                    more,
                    scenarios: vec![scenario],
                }),
            }
        }
    }
    notes
}

/// `backon + timeout`; `backon, tryhard: each + timeout`; `failsafe, seatbelt: failures in a row`.
fn part(more: &str, notes: &[&Note<'_>]) -> String {
    let columns: Vec<_> = notes.iter().map(|note| note.column).collect();
    let beyond = [", ", ": "].iter().find_map(|mark| more.strip_prefix(mark));
    match (columns.as_slice(), beyond) {
        ([one], _) => format!("{one}{more}"),
        (all, Some(beyond)) => format!("{}: {beyond}", all.join(", ")),
        (all, None) => format!("{}: each{more}", all.join(", ")),
    }
}

/// Those with the same key together, in the order in which each key comes first.
fn grouped<'n, K: PartialEq>(
    notes: impl IntoIterator<Item = &'n Note<'n>>,
    key: impl Fn(&'n Note<'n>) -> &'n K,
) -> Vec<(&'n K, Vec<&'n Note<'n>>)> {
    let mut groups: Vec<(&K, Vec<&Note<'_>>)> = Vec::new();
    for note in notes {
        let own = key(note);
        match groups.iter_mut().find(|(each, _)| *each == own) {
            Some((_, group)) => group.push(note),
            None => groups.push((own, vec![note])),
        }
    }
    groups
}
