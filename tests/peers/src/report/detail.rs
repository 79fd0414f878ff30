//! All variants of one scenario, with their spread.

use std::fmt::Write as _;

use super::line::{best_hand, stages};
use super::number;
use crate::harness::{Record, Role};

pub(super) fn table(group: &[&Record]) -> String {
    let Some(first) = group.first() else {
        return String::new();
    };
    let mut text = format!(
        "**{}: {}** ({})\n\n",
        first.scenario,
        first.title,
        first.unit.text()
    );
    match stages(group).as_slice() {
        [_] => text.push_str(&one_stage(group)),
        stages => text.push_str(&several_stages(group, stages)),
    }
    text.push('\n');
    text
}

fn one_stage(group: &[&Record]) -> String {
    let mut text =
        "| | median | p25 to p75 | beside bare | beside by hand |\n|---|---:|---:|---:|---:|\n"
            .to_owned();
    let bare = group.iter().find(|each| each.role == Role::Bare);
    let hand = best_hand(group);
    for record in group {
        let over = |other: Option<&Record>| {
            other.map_or_else(
                || "–".to_owned(),
                |other| format!("{} x", number(record.over(other))),
            )
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} to {} | {} | {} |",
            name(record),
            number(record.median()),
            number(record.quantile(0.25)),
            number(record.quantile(0.75)),
            over(bare.copied()),
            over(hand)
        );
    }
    text
}

fn several_stages(group: &[&Record], stages: &[&str]) -> String {
    let mut text = String::from("| |");
    for (at, stage) in stages.iter().enumerate() {
        let _ = write!(text, " {stage} | p25 to p75 | beside by hand |");
        if at > 0 {
            text.push_str(" scaling |");
        }
    }
    let _ = writeln!(text, "\n|---|{}", "---:|".repeat(4 * stages.len() - 1));
    let on = |stage: &str| -> Vec<&Record> {
        group
            .iter()
            .copied()
            .filter(|each| each.stage == stage)
            .collect()
    };
    let lines: Vec<_> = stages.iter().map(|stage| on(stage)).collect();
    for record in lines.first().into_iter().flatten() {
        let _ = write!(text, "| {} |", name(record));
        for (at, line) in lines.iter().enumerate() {
            text.push_str(&cells(line, record, at > 0));
        }
        text.push('\n');
    }
    text
}

/// What a variant did on a stage, and how that is to the first of the stages.
fn cells(line: &[&Record], first: &Record, scales: bool) -> String {
    let Some(record) = line.iter().find(|each| each.name == first.name) else {
        return " – | – | – |".to_owned() + if scales { " – |" } else { "" };
    };
    let beside = best_hand(line).map_or(f64::NAN, |hand| record.over(hand));
    let mut text = format!(
        " {} | {} to {} | {} x |",
        number(record.median()),
        number(record.quantile(0.25)),
        number(record.quantile(0.75)),
        number(beside)
    );
    if scales {
        let _ = write!(text, " {} x |", number(record.over(first)));
    }
    text
}

fn name(record: &Record) -> String {
    match record.role {
        Role::Ours => format!("**{}**", record.name),
        _ => record.name.clone(),
    }
}
