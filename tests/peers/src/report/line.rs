//! One line of the table: what was measured side by side.

use std::cmp::Ordering;

use crate::harness::{Peer, Record, Role, Unit};

/// The variants that fill the cells of a line.
pub(super) struct Line<'a> {
    pub(super) first: &'a Record,
    pub(super) bare: Option<&'a Record>,
    /// The best that was written by hand.
    pub(super) hand: Option<&'a Record>,
    pub(super) ours: Option<&'a Record>,
    peers: Vec<(Peer, &'a Record)>,
}

impl<'a> Line<'a> {
    fn new(records: &[&'a Record]) -> Option<Self> {
        let of = |role| records.iter().copied().find(|each| each.role == role);
        let peers = Peer::ALL.iter().copied();
        Some(Self {
            first: records.first()?,
            bare: of(Role::Bare),
            hand: best_hand(records),
            ours: of(Role::Ours),
            peers: peers
                .filter_map(|peer| Some((peer, of(Role::Peer(peer))?)))
                .collect(),
        })
    }

    pub(super) fn peer(&self, peer: Peer) -> Option<&'a Record> {
        let mut peers = self.peers.iter();
        peers.find(|(each, _)| *each == peer).map(|found| found.1)
    }

    /// The peers that are better than ours, best first.
    pub(super) fn ahead(&self) -> Vec<(Peer, &'a Record)> {
        let better = |each: &Record| self.ours.is_some_and(|ours| merit(each, ours).is_lt());
        let mut ahead = self.peers.clone();
        ahead.retain(|(_, record)| better(record));
        ahead.sort_by(|(_, one), (_, other)| merit(one, other));
        ahead
    }

    pub(super) fn compares(&self) -> bool {
        self.ours.is_some() && !self.peers.is_empty()
    }

    /// Every cell that is filled, by the name of its column.
    pub(super) fn cells(&self) -> Vec<(&'static str, &'a Record)> {
        let own = [
            ("bare", self.bare),
            ("by hand", self.hand),
            ("ours", self.ours),
        ];
        let own = own
            .into_iter()
            .filter_map(|(column, record)| Some((column, record?)));
        let peers = self
            .peers
            .iter()
            .map(|(peer, record)| (peer.name(), *record));
        own.chain(peers).collect()
    }
}

/// The lines of a scenario, one for each stage.
pub(super) fn lines<'a>(group: &[&'a Record]) -> Vec<Line<'a>> {
    let on = |stage: &str| -> Vec<_> {
        group
            .iter()
            .copied()
            .filter(|each| each.stage == stage)
            .collect()
    };
    stages(group)
        .into_iter()
        .filter_map(|stage| Line::new(&on(stage)))
        .collect()
}

/// Where it was measured, in the order in which it was.
pub(super) fn stages<'a>(group: &[&'a Record]) -> Vec<&'a str> {
    let mut stages: Vec<&str> = Vec::new();
    for record in group {
        if !stages.contains(&record.stage.as_str()) {
            stages.push(&record.stage);
        }
    }
    stages
}

/// The best that was written by hand.
pub(super) fn best_hand<'a>(line: &[&'a Record]) -> Option<&'a Record> {
    let hands = line.iter().copied().filter(|each| each.role == Role::Hand);
    hands.min_by(|one, other| merit(one, other))
}

/// The better one first.
fn merit(one: &Record, other: &Record) -> Ordering {
    let (less, more) = match one.unit {
        Unit::Rate => (other, one),
        Unit::Nanos | Unit::Bytes => (one, other),
    };
    less.median().total_cmp(&more.median())
}
