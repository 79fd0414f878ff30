//! The figures side by side.

use crate::per_line::{FILTER, SET, WITH_FORMATS};

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

/// Prints all rows and what they come to.
pub(crate) fn print(rows: &[Row]) {
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
    sums(rows);
}

/// The means over the kinds, beside what was aimed at.
fn sums(rows: &[Row]) {
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
    let beside = |variant| mean("clean", variant, |row| row.nanos_per_line) / clean;
    let secret = mean("one secret", FILTER, |row| row.nanos_per_line);
    println!(
        "\nclean text at {speed:.2} GB/s; aimed at: more than 1\n\
         clean text {:.1} times as fast as a RegexSet of the usual 43; aimed at: 5\n\
         clean text {:.1} times as fast as a RegexSet that knows the same tokens as well\n\
         a line with a secret in {secret:.0} ns; aimed at: 500",
        beside(SET),
        beside(WITH_FORMATS),
    );
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
