//! What was measured, as tables and as JSON.

mod behind;
mod detail;
mod file;
mod line;
mod notes;
mod origin;
mod overview;
#[cfg(test)]
mod tests;

pub(crate) use file::{around, replace, write_json};
pub(crate) use origin::origin;

use crate::harness::Record;

/// The table of all scenarios, what has to be known of it, then a table for each.
pub(crate) fn markdown(records: &[Record], origin: &str) -> String {
    let mut scenarios: Vec<&str> = records.iter().map(|record| record.scenario).collect();
    scenarios.dedup();
    let groups: Vec<Vec<&Record>> = scenarios
        .iter()
        .map(|id| {
            records
                .iter()
                .filter(|record| record.scenario == *id)
                .collect()
        })
        .collect();
    let lines: Vec<_> = groups.iter().flat_map(|group| line::lines(group)).collect();
    let mut text = format!("{} {origin}.\n\n", origin::rounds(&groups));
    text.push_str(&overview::table(&lines));
    text.push_str(&notes::list(&lines));
    text.push_str(&behind::list(&lines));
    for group in &groups {
        text.push_str(&detail::table(group));
    }
    text
}

/// A figure with as many digits as it is worth.
fn number(value: f64) -> String {
    let decimals = match value.abs() {
        _ if !value.is_finite() => return "–".to_owned(),
        small if small < 10.0 => 2,
        middle if middle < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.decimals$}");
    if decimals > 0 { text } else { thousands(&text) }
}

fn thousands(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
