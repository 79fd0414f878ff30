//! Tokens that are known by what stands in their middle or at their end.

use core::ops::Range;

use super::super::texts::{self, ByFirst};
use super::boundary;
use super::charset::{ALNUM, B64, B64URL, Charset, DIGIT, HEX, WORD};

/// One format that is known by `anchor`, with so many bytes before and after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) struct Infix {
    /// What every token of the format has in it; the case counts.
    pub(in crate::redact) anchor: &'static str,
    before: Count,
    after: Count,
}

/// From `min` to `max` bytes of `set`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Count {
    set: Charset,
    min: usize,
    max: usize,
}

impl Infix {
    /// A token of the format, of what `of` makes of a set and a length.
    #[cfg(test)]
    pub(super) fn drawn(&self, of: impl Fn(Charset, usize) -> String) -> String {
        let part = |count: Count| of(count.set, count.min);
        format!("{}{}{}", part(self.before), self.anchor, part(self.after))
    }

    /// Whether it is known by its end.
    pub(super) const fn is_suffix(&self) -> bool {
        self.after.max == 0
    }
}

const fn count(set: Charset, min: usize, max: usize) -> Count {
    Count { set, min, max }
}

const fn infix(anchor: &'static str, before: Count, after: Count) -> Infix {
    Infix {
        anchor,
        before,
        after,
    }
}

/// A key of Azure with its mark: half the key before it, a checksum after it.
const fn azure(anchor: &'static str) -> Infix {
    infix(anchor, count(AZURE_KEY, 28, 80), count(AZURE_KEY, 4, 12))
}

const fn azure_client(anchor: &'static str) -> Infix {
    infix(
        anchor,
        count(AZURE_CLIENT, 3, 3),
        count(AZURE_CLIENT, 30, 36),
    )
}

const AZURE_KEY: Charset = B64.or(B64URL);
const AZURE_CLIENT: Charset = B64URL.or(Charset::of("~."));
const NONE: Count = count(ALNUM, 0, 0);

/// Every format that is known by its middle or its end, in byte order of the anchor.
pub(in crate::redact) const INFIXES: &[Infix] = &[
    azure("+ABa"),
    azure("+ACR"),
    azure("+AEh"),
    azure("+AMC"),
    azure("+ARm"),
    azure("+ASb"),
    azure("+ASt"),
    infix("-NRMA", count(ALNUM, 42, 42), NONE), // New Relic
    infix("-us", count(HEX, 32, 32), count(DIGIT, 1, 2)), // Mailchimp
    infix(".atlasv1.", count(ALNUM, 8, 32), count(B64URL, 40, 100)), // Terraform
    azure_client("0Q~"),
    azure_client("1Q~"),
    azure_client("2Q~"),
    azure_client("3Q~"),
    azure_client("4Q~"),
    azure_client("5Q~"),
    azure_client("6Q~"),
    azure_client("7Q~"),
    azure_client("8Q~"),
    azure_client("9Q~"),
    infix(":A", count(DIGIT, 5, 16), count(B64URL, 32, 36)), // Telegram
    infix("NRAL", count(ALNUM, 36, 36), NONE),               // New Relic
    infix("_mmk", count(WORD, 36, 36), NONE),                // MaxMind
];

/// Where the formats whose anchor starts with a byte begin and end in [`INFIXES`].
static BY_FIRST: ByFirst = {
    let mut found = [(0, 0); 256];
    let mut row = 0;
    while row < INFIXES.len() {
        texts::add_row(&mut found, INFIXES[row].anchor, row);
        row += 1;
    }
    found
};

/// The secret around the anchor at `at`, which starts before `at`; `None` if it is none.
pub(in crate::redact) fn infix_at(text: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let (from, to) = BY_FIRST[usize::from(*rest.first()?)];
    let may_be = INFIXES
        .get(usize::from(from)..usize::from(to))
        .unwrap_or_default();
    may_be
        .iter()
        .filter(|infix| rest.starts_with(infix.anchor.as_bytes()))
        .find_map(|infix| around(text, at, infix))
}

/// The longest end of a token that is known by it.
const LONGEST_SUFFIX: usize = 5;

/// The secret that ends before `end` and is known by its end.
pub(in crate::redact) fn suffixed_at(text: &[u8], end: usize) -> Option<Range<usize>> {
    let from = end.saturating_sub(LONGEST_SUFFIX);
    (from..end).find_map(|at| infix_at(text, at).filter(|range| range.end == end))
}

fn around(text: &[u8], at: usize, infix: &Infix) -> Option<Range<usize>> {
    let Count { set, min, max } = infix.before;
    let before = text.get(..at)?;
    let len = before
        .iter()
        .rev()
        .take(max)
        .take_while(|&&b| set.has(b))
        .count();
    let start = at - len;
    if len < min || !boundary::starts(text, start, false) {
        return None;
    }
    let after = at + infix.anchor.len();
    let Count { set, min, max } = infix.after;
    let rest = text.get(after..)?;
    let len = rest.iter().take(max).take_while(|&&b| set.has(b)).count();
    let end = after + len;
    (len >= min && boundary::ends(text, end)).then_some(start..end)
}
