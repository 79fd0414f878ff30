//! Tables in Markdown.

#[cfg(test)]
mod tests;

use std::fmt::Write;

/// Rows of cells; the first is the head.
#[derive(Debug)]
pub(crate) struct Table {
    /// Columns that hold words; the others hold figures.
    words: usize,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// The first two columns hold words.
    pub(crate) fn new(head: &[&str]) -> Self {
        Self::with_words(2, head)
    }

    /// So many of the first columns hold words.
    pub(crate) fn with_words(words: usize, head: &[&str]) -> Self {
        Self {
            words,
            rows: vec![head.iter().map(ToString::to_string).collect()],
        }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// With a title above it.
    pub(crate) fn titled(&self, title: &str) -> String {
        format!("\n### {title}\n\n{}", self.text())
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            let _ = writeln!(text, "| {} |", row.join(" | "));
            if index == 0 {
                let rule = |column: usize| if column < self.words { "---" } else { "--:" };
                let rules: Vec<&str> = (0..row.len()).map(rule).collect();
                let _ = writeln!(text, "|{}|", rules.join("|"));
            }
        }
        text
    }
}

/// The middle one, or the mean of the middle two; 0 of none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = values.get(middle).copied().unwrap_or_default();
    match values.len() % 2 {
        0 => values
            .get(middle.wrapping_sub(1))
            .map_or(upper, |lower| f64::midpoint(*lower, upper)),
        _ => upper,
    }
}

/// Half of what lies between the smallest and the largest.
pub(crate) fn spread(values: &[f64]) -> f64 {
    let smallest = values.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = values.iter().copied().fold(0.0, f64::max);
    ((largest - smallest) / 2.0).max(0.0)
}

/// A count with commas between thousands.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A difference, with its sign.
pub(crate) fn signed(difference: i64) -> String {
    let sign = if difference < 0 { "-" } else { "+" };
    format!("{sign}{}", grouped(difference.unsigned_abs()))
}
