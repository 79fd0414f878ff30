//! Blocks between `-----BEGIN ...-----` and `-----END ...-----`, of PEM, `OpenPGP`, SSH2 and their like.
//!
//! What one call looks at is bounded by the block it hides, or else by the next `-----BEGIN`, so that all calls
//! on one text together look at each byte a bounded number of times.

#[cfg(test)]
mod tests;

use core::ops::Range;

use super::edge::{backslashes_before, before, byte, part};
use super::value::opens;

/// The bytes of `-----BEGIN`.
pub(super) const BEGIN: usize = 10;

/// No known label is longer.
const LONGEST_LABEL: usize = 64;

/// The words of which one says that a block is for everybody to see, or is of no use without a key.
const PUBLIC: [&[u8]; 12] = [
    b"PUBLIC",
    b"CERTIFICATE",
    b"CERTIFICATES",
    b"PARAMETERS",
    b"SIGNATURE",
    b"SIGNED",
    b"CRL",
    b"PKCS7",
    b"CMS",
    b"MESSAGE",
    b"FILE",
    b"CHAIN",
];

/// The words of which one says that a block is secret, whatever else is said.
const SECRET: [&[u8]; 3] = [b"PRIVATE", b"SECRET", b"STATIC"];

/// The first or last line of a block.
struct Line {
    label: Range<usize>,
    /// The byte after its closing dashes.
    end: usize,
    /// The text ends within the line.
    cut: bool,
    /// Spaces are written as `+` or `%20`.
    encoded: bool,
}

/// The secret block whose first line, with its dashes, starts at `at`: through its last line, to the end of the
/// quoted string it stands in, or to the end of the text. `None` if there is no block or it is a public one.
pub(super) fn block_at(text: &[u8], at: usize) -> Option<Range<usize>> {
    let first = line_at(text, at, b"BEGIN")?;
    let label = part(text, first.label.start, first.label.end);
    if is_public(label, first.cut) {
        return None;
    }
    if first.cut {
        return Some(at..text.len());
    }
    if is_mentioned(text, first.end) {
        return None;
    }
    Some(at..end_of(text, at, &first, label)?)
}

/// The line that starts with dashes and `word` at `at`.
fn line_at(text: &[u8], at: usize, word: &[u8]) -> Option<Line> {
    let dashes = (0..5).take_while(|i| byte(text, at + i) == b'-').count();
    let spaced = dashes == 4 && byte(text, at + 4) == b' ';
    let named = at + dashes + usize::from(spaced);
    if !(dashes == 5 || spaced) || part(text, named, named + word.len()) != word {
        return None;
    }
    let mut start = named + word.len();
    let gap = gap_at(text, start);
    if gap == 0 {
        return None;
    }
    let encoded = byte(text, start) != b' ';
    start += gap;
    let mut end = start;
    while end - start < LONGEST_LABEL {
        match byte(text, end) {
            b if b.is_ascii_alphanumeric() => end += 1,
            _ => match gap_at(text, end) {
                0 => break,
                gap => end += gap,
            },
        }
    }
    let closing = (0..dashes)
        .take_while(|i| byte(text, end + i) == b'-')
        .count();
    let cut = end + closing >= text.len() && closing < dashes;
    if end == start || (closing < dashes && !cut) {
        return None;
    }
    Some(Line {
        label: start..end,
        end: (end + closing).min(text.len()),
        cut,
        encoded,
    })
}

/// The length of the space at `at`, however it is written.
fn gap_at(text: &[u8], at: usize) -> usize {
    match byte(text, at) {
        b' ' | b'+' => 1,
        b'%' if part(text, at + 1, at + 3) == b"20" => 3,
        _ => 0,
    }
}

fn words(label: &[u8]) -> impl Iterator<Item = &[u8]> {
    label
        .split(|b| matches!(b, b' ' | b'+' | b'%'))
        .map(|word| word.strip_prefix(b"20").unwrap_or(word))
        .filter(|word| !word.is_empty())
}

/// Whether nothing need be hidden in a block of this label, of which the end may be cut off.
fn is_public(label: &[u8], cut: bool) -> bool {
    let any =
        |known: &[&[u8]]| words(label).any(|w| known.iter().any(|k| w.eq_ignore_ascii_case(k)));
    // Labels are capitals; prose is not, unless it is a whole label that speaks of a key (`OpenVPN Static key V1`).
    let prose = label.iter().any(u8::is_ascii_lowercase);
    if prose && (cut || !words(label).any(|word| word.eq_ignore_ascii_case(b"key"))) {
        return true;
    }
    if any(&SECRET) {
        return false;
    }
    if any(&PUBLIC) {
        return true;
    }
    cut && words(label)
        .last()
        .is_some_and(|last| last.len() >= 2 && PUBLIC.iter().any(|known| known.starts_with(last)))
}

/// Whether prose goes on after a first line: a space and a word, where a block has a line break or its long lines.
fn is_mentioned(text: &[u8], at: usize) -> bool {
    let rest = part(text, at, text.len().min(at + 20));
    let word = rest
        .iter()
        .skip(1)
        .take_while(|b| b.is_ascii_lowercase())
        .count();
    rest.first() == Some(&b' ')
        && word > 0
        && matches!(byte(text, at + 1 + word), 0 | b' ' | b',' | b'.')
}

/// Where the block ends whose first line is given; `None` if its string has nothing else and no other has its end.
fn end_of(text: &[u8], at: usize, first: &Line, label: &[u8]) -> Option<usize> {
    let string = quote_around(text, at, first.end);
    let mut other_end = None;
    let mut is_inside = false;
    let mut i = first.end;
    while i < text.len() {
        let b = byte(text, i);
        match b {
            b'-' => {
                if let Some(last) = line_at(text, i, b"END") {
                    if part(text, last.label.start, last.label.end) == label || last.cut {
                        return Some(last.end);
                    }
                    // The next block's label may be this one's: do not run into it.
                    other_end.get_or_insert(last.end);
                    i = last.end;
                    continue;
                }
                if other_end.is_some() && line_at(text, i, b"BEGIN").is_some() {
                    break;
                }
            }
            b'"' | b'\'' | b'`' => {
                if let Some((quote, depth)) = string
                    && quote == b
                    && closes(text, i, depth)
                    && !passes_over(
                        &mut is_inside,
                        opens(text, i - backslashes_before(text, i), i + 1),
                    )
                {
                    let close = i - backslashes_before(text, i).min(depth);
                    if is_blank(part(text, first.end, close)) {
                        return end_in_another_string(text, i, label);
                    }
                    return Some(other_end.unwrap_or(close));
                }
                if first.encoded {
                    return Some(other_end.unwrap_or(i));
                }
            }
            b' ' | b'\n' | b'\r' | b'\t' | b'&' | b'<' | b'>' if first.encoded => {
                return Some(other_end.unwrap_or(i));
            }
            _ => {}
        }
        i += 1;
    }
    Some(other_end.unwrap_or(text.len()))
}

/// A mark that opens another text says that one is missing; the next one closes that text, and not the block's.
const fn passes_over(is_inside: &mut bool, opens: bool) -> bool {
    let was_inside = *is_inside;
    *is_inside = opens;
    was_inside || opens
}

/// Nothing but line breaks, perhaps escaped.
fn is_blank(body: &[u8]) -> bool {
    body.iter()
        .all(|b| matches!(b, b'\\' | b'n' | b'r' | b' ' | b'\n' | b'\r'))
}

/// The end of a block of which each line is a string of its own, if it comes before the next block.
fn end_in_another_string(text: &[u8], from: usize, label: &[u8]) -> Option<usize> {
    let mut i = from;
    while i < text.len() {
        if byte(text, i) == b'-' {
            if let Some(last) = line_at(text, i, b"END")
                && part(text, last.label.start, last.label.end) == label
            {
                return Some(last.end);
            }
            if line_at(text, i, b"BEGIN").is_some() {
                return None;
            }
        }
        i += 1;
    }
    None
}

/// The quote of the string in which the block stands, and how many backslashes escape it.
fn quote_around(text: &[u8], at: usize, body: usize) -> Option<(u8, usize)> {
    let quote = before(text, at);
    if matches!(quote, b'"' | b'\'' | b'`') {
        return Some((quote, backslashes_before(text, at - 1)));
    }
    // A line break which is written as an escape tells how deep in strings the block stands.
    let escapes = (body..text.len())
        .take_while(|&i| byte(text, i) == b'\\')
        .count();
    let breaks = matches!(byte(text, body + escapes), b'n' | b'r');
    (escapes > 0 && breaks).then(|| (b'"', escapes - 1))
}

/// Whether the quote at `at` ends a string whose own quotes are escaped by `depth` backslashes.
fn closes(text: &[u8], at: usize, depth: usize) -> bool {
    let escapes = backslashes_before(text, at);
    escapes < depth || escapes % (2 * (depth + 1)) == depth
}
