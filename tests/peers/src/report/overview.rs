//! One line for each scenario, one column for each library.

use std::fmt::Write as _;

use super::number;
use crate::harness::{Peer, Record, Role, Unit};

pub(super) fn table(groups: &[Vec<&Record>]) -> String {
    let peers: Vec<_> = Peer::ALL.iter().map(|peer| peer.name()).collect();
    let mut text = format!(
        "| | unit | bare | by hand | **ours** | ours / hand | {} |\n|---|---|{}\n",
        peers.join(" | "),
        "---:|".repeat(peers.len() + 4)
    );
    for group in groups {
        for stage in super::detail::stages(group) {
            let line: Vec<_> = group
                .iter()
                .copied()
                .filter(|each| each.stage == stage)
                .collect();
            text.push_str(&row(&line));
        }
    }
    text.push('\n');
    text
}

fn row(line: &[&Record]) -> String {
    let Some(first) = line.first() else {
        return String::new();
    };
    let mut label = format!("{} {}", first.scenario, first.title);
    if first.unit == Unit::Rate {
        let _ = write!(label, ", {}", first.stage);
    }
    let of = |role: Role| line.iter().find(|each| each.role == role);
    let (hand, ours) = (best_hand(line), of(Role::Ours));
    let cell = |record: Option<&&Record>| {
        record.map_or_else(|| "–".to_owned(), |each| number(each.median()))
    };
    let ratio = match (hand, ours) {
        (Some(hand), Some(ours)) => number(ours.over(hand)),
        _ => "–".to_owned(),
    };
    let peers: Vec<_> = Peer::ALL
        .iter()
        .map(|&peer| cell(of(Role::Peer(peer))))
        .collect();
    format!(
        "| {label} | {} | {} | {} | **{}** | {ratio} | {} |\n",
        first.unit.text(),
        cell(of(Role::Bare)),
        hand.map_or_else(|| "–".to_owned(), |hand| number(hand.median())),
        cell(ours),
        peers.join(" | ")
    )
}

/// The best that was written by hand.
pub(super) fn best_hand<'a>(line: &[&'a Record]) -> Option<&'a Record> {
    let hands = line.iter().copied().filter(|each| each.role == Role::Hand);
    hands.min_by(|one, other| {
        let (one, other) = (one.median(), other.median());
        match line.first().map(|each| each.unit) {
            Some(Unit::Rate) => other.total_cmp(&one),
            _ => one.total_cmp(&other),
        }
    })
}
