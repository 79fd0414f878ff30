//! The figures side by side.

use crate::per_line::{FILTER, SET};

/// What one variant makes of the lines of one set.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) variant: &'static str,
    pub(crate) nanos_per_line: f64,
    pub(crate) bytes_per_line: f64,
    /// Lines that were kept as they were, if they are clean, or whose secret is gone.
    pub(crate) right: usize,
    pub(crate) lines: usize,
}

impl Row {
    fn gigabytes_per_second(&self) -> f64 {
        self.bytes_per_line / self.nanos_per_line
    }

    fn beside<'r>(&self, rows: &'r [Row], variant: &str) -> Option<&'r Row> {
        rows.iter()
            .find(|row| row.what == self.what && row.kind == self.kind && row.variant == variant)
    }
}

/// Prints all rows and what is promised of them; whether it holds.
pub(crate) fn print(rows: &[Row]) -> bool {
    println!(
        "\n{:<11} {:<12} {:<27} {:>9} {:>7} {:>10} {:>10}",
        "lines", "kind", "", "ns/line", "GB/s", "x filter", "right"
    );
    for row in rows {
        let ratio = row.beside(rows, FILTER).map_or(f64::NAN, |filter| {
            row.nanos_per_line / filter.nanos_per_line
        });
        println!(
            "{:<11} {:<12} {:<27} {:>9.1} {:>7.2} {:>10.2} {:>7}/{}",
            row.what,
            row.kind,
            row.variant,
            row.nanos_per_line,
            row.gigabytes_per_second(),
            ratio,
            row.right,
            row.lines
        );
    }
    println!(
        "\n\"right\": kept as it was, without a copy, if clean; the secret gone, if there is one."
    );
    promises(rows)
}

/// What is promised of the filter, over the kinds: the mean of the costs of a line of each.
fn promises(rows: &[Row]) -> bool {
    let mean = |what, variant, figure: fn(&Row) -> f64| {
        let list: Vec<f64> = rows
            .iter()
            .filter(|row| row.what == what && row.variant == variant)
            .map(figure)
            .collect();
        list.iter().sum::<f64>() / float(list.len() as u64)
    };
    let clean = mean("clean", FILTER, |row| row.nanos_per_line);
    let speed = mean("clean", FILTER, |row| row.bytes_per_line) / clean;
    let times = mean("clean", SET, |row| row.nanos_per_line) / clean;
    let secret = mean("one secret", FILTER, |row| row.nanos_per_line);
    let promise = |text: &str, holds: bool| {
        println!("{} {text}", if holds { "holds  " } else { "MISSED " });
        holds
    };
    println!();
    [
        promise(
            &format!("clean text at {speed:.2} GB/s; promised is more than 1"),
            speed > 1.0,
        ),
        promise(
            &format!("clean text {times:.1} times as fast as a RegexSet; promised are 5"),
            times >= 5.0,
        ),
        promise(
            &format!("a line with a secret in {secret:.0} ns; promised are 500"),
            secret <= 500.0,
        ),
    ] == [true; 3]
}

pub(crate) fn median(mut list: Vec<f64>) -> f64 {
    list.sort_by(f64::total_cmp);
    list.get(list.len() / 2).copied().unwrap_or(f64::NAN)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a last bit does not matter here"
)]
pub(crate) fn float(number: u64) -> f64 {
    number as f64
}
