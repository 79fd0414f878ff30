//! Where a peer is better than we are, so that it is not forgotten.

use std::fmt::Write as _;

use super::line::Line;
use super::number;
use crate::harness::Unit;

pub(super) fn list(lines: &[Line<'_>]) -> String {
    if !lines.iter().any(Line::compares) {
        return String::new();
    }
    let mut text = "**Where a peer's median is better than ours**\n\n".to_owned();
    let losses: String = lines.iter().filter_map(loss).collect();
    text.push_str(if losses.is_empty() {
        "- nowhere\n"
    } else {
        &losses
    });
    text.push('\n');
    text
}

fn loss(line: &Line<'_>) -> Option<String> {
    let (ours, ahead) = (line.ours?, line.ahead());
    if ahead.is_empty() {
        return None;
    }
    let mut text = format!("- {}", ours.scenario);
    if ours.unit == Unit::Rate {
        let _ = write!(text, ", {}", ours.stage);
    }
    for (at, (peer, record)) in ahead.iter().enumerate() {
        let mark = if at == 0 { ':' } else { ',' };
        let _ = write!(text, "{mark} {} {}", peer.name(), number(record.median()));
    }
    let (own, unit) = (number(ours.median()), ours.unit.text());
    let _ = writeln!(text, "; ours {own} {unit}");
    Some(text)
}
