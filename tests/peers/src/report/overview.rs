//! One line for each scenario, one column for each library.

use std::fmt::Write as _;

use super::line::Line;
use super::number;
use crate::harness::{Peer, Record, Unit};

pub(super) fn table(lines: &[Line<'_>]) -> String {
    let peers: Vec<_> = Peer::ALL.iter().map(|peer| peer.name()).collect();
    let mut text = format!(
        "| | unit | bare | by hand | **ours** | ours / hand | {} |\n|---|---|{}\n",
        peers.join(" | "),
        "---:|".repeat(peers.len() + 4)
    );
    for line in lines {
        text.push_str(&row(line));
    }
    text.push('\n');
    text
}

fn row(line: &Line<'_>) -> String {
    let first = line.first;
    let mut label = format!("{} {}", first.scenario, first.title);
    if first.unit == Unit::Rate {
        let _ = write!(label, ", {}", first.stage);
    }
    let cell = |record: Option<&Record>| {
        record.map_or_else(|| "–".to_owned(), |each| number(each.median()))
    };
    let ratio = match (line.hand, line.ours) {
        (Some(hand), Some(ours)) => number(ours.over(hand)),
        _ => "–".to_owned(),
    };
    let peers: Vec<_> = Peer::ALL
        .iter()
        .map(|&peer| cell(line.peer(peer)))
        .collect();
    format!(
        "| {label} | {} | {} | {} | **{}** | {ratio} | {} |\n",
        first.unit.text(),
        cell(line.bare),
        cell(line.hand),
        cell(line.ours),
        peers.join(" | ")
    )
}
