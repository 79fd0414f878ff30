//! Private keys of several lines, each of which is written on its own.

use crate::redact::PLACEHOLDER;

/// A block is given up after this many lines. A key of 16384 bits, the longest that is used, has about 200.
const MOST_LINES: u32 = 1024;

/// A block is given up after this many bytes.
const MOST_BYTES: usize = 64 * 1024;

/// The longest run of letters, digits, `+`, `/` and `=` that a line of ordinary text is believed to have. Lines of keys
/// have 64 to 76.
const LONGEST_ORDINARY_RUN: usize = 31;

/// In front of `PRIVATE KEY` are at most these many bytes of a marker: `---- BEGIN SSH2 ENCRYPTED `.
const BEFORE_NAME: usize = 48;

/// The longest marker, with room to spare: what must be kept of a text so that a marker cut by its end is still found.
pub(super) const OVERLAP: usize = 96;

const NAME: &str = "PRIVATE KEY";

/// A line's place with regard to private keys.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In no key.
    Outside,
    /// In a key. `is_first`: the placeholder was not shown for this key.
    Inside { is_first: bool },
    /// The key ends in this line, at this byte. `is_first`: as above, and there is something of it in this line.
    Ends { at: usize, is_first: bool },
}

/// Whether the text so far ends within a private key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pem {
    open: Option<Block>,
}

/// A key whose BEGIN was seen, and no END.
#[derive(Debug, Clone, Copy)]
struct Block {
    /// Where in its line the BEGIN stood: behind the time and name that a logger put before each line.
    column: usize,
    /// The placeholder was shown for it.
    is_told: bool,
    /// A line was seen that is no header.
    has_body: bool,
    lines: u32,
    bytes: usize,
}

impl Pem {
    pub(super) const fn new() -> Self {
        Self { open: None }
    }

    /// The place of a line, of which this is the beginning, or the whole.
    ///
    /// Everything after a BEGIN is taken for a part of the key, up to its END, a line that is clearly no part of a key
    /// (several words, none of them long, behind the place at which BEGIN stood too), 1024 lines or 64 KiB.
    pub(super) fn enter(&mut self, line: &str) -> Place {
        let Some(block) = &mut self.open else {
            return Place::Outside;
        };
        let is_first = !block.is_told;
        match markers(line).next() {
            Some(Marker::End(at)) => {
                self.open = None;
                let is_first = is_first && at > 0;
                return Place::Ends { at, is_first };
            }
            None if block.goes_on(line) => {
                block.is_told = true;
                return Place::Inside { is_first };
            }
            _ => self.open = None,
        }
        Place::Outside
    }

    /// Looks for markers in a text outside of a key; `shown` is what was written for it.
    ///
    /// A text may be looked at twice, and may overlap with the one before.
    pub(super) fn observe(&mut self, text: &str, shown: &str) {
        match markers(text).last() {
            Some(Marker::Begin(column)) => {
                self.open = Some(Block {
                    column,
                    // Behind the marker, or in its place.
                    is_told: shown.rfind(PLACEHOLDER) > shown.rfind("BEGIN "),
                    has_body: false,
                    lines: 0,
                    bytes: 0,
                });
            }
            Some(Marker::End(_)) => self.open = None,
            None => {}
        }
    }
}

impl Block {
    /// Counts a line without a marker, and says whether it is a part of the key.
    fn goes_on(&mut self, line: &str) -> bool {
        self.lines += 1;
        self.bytes = self.bytes.saturating_add(line.len());
        if self.lines > MOST_LINES || self.bytes > MOST_BYTES {
            return false;
        }
        let behind = self.behind_prefix(line);
        if !self.has_body && (is_header(line) || behind.is_some_and(is_header)) {
            return true;
        }
        let fewest = words(line).min(behind.map_or(2, words));
        self.has_body |= fewest == 1;
        fewest < 2 || has_long_run(line)
    }

    /// The line without what a logger put before it, if there is as much before it as there was before the BEGIN.
    fn behind_prefix<'l>(&self, line: &'l str) -> Option<&'l str> {
        // The white space behind the prefix of an empty line may be gone.
        let is_empty = line.len() + 1 == self.column;
        if is_empty {
            Some("")
        } else {
            line.get(self.column..)
        }
    }
}

/// How many words with a letter or a digit there are: none, one, or two for more.
fn words(text: &str) -> usize {
    text.split_ascii_whitespace()
        .filter(|word| word.bytes().any(|byte| byte.is_ascii_alphanumeric()))
        .take(2)
        .count()
}

/// Such as `Proc-Type: 4,ENCRYPTED`.
fn is_header(line: &str) -> bool {
    line.trim_start().split_once(": ").is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_uppercase())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

fn has_long_run(line: &str) -> bool {
    line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')))
        .any(|run| run.len() > LONGEST_ORDINARY_RUN)
}

/// A marker, and the byte at which its dashes begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marker {
    Begin(usize),
    End(usize),
}

/// The markers of private keys in a text, in order.
fn markers(text: &str) -> impl Iterator<Item = Marker> {
    text.match_indices(NAME)
        .filter_map(|(at, name)| marker(text.as_bytes(), at, at + name.len()))
}

/// The marker whose `PRIVATE KEY` is at `name_start..name_end`, as in `-----BEGIN RSA PRIVATE KEY-----`,
/// `-----END PGP PRIVATE KEY BLOCK-----` and `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----`.
fn marker(text: &[u8], name_start: usize, name_end: usize) -> Option<Marker> {
    let after = text.get(name_end..)?;
    let after = after.strip_prefix(b" BLOCK").unwrap_or(after);
    let after = after.strip_prefix(b" ").unwrap_or(after);
    if !after.starts_with(b"-") {
        return None;
    }
    let before = text.get(name_start.saturating_sub(BEFORE_NAME)..name_start)?;
    let kind = before
        .iter()
        .rposition(|byte| !is_kind(*byte))
        .map_or(before, |at| before.get(at + 1..).unwrap_or_default());
    let dashes = name_start - kind.len();
    let kind = kind.strip_prefix(b" ").unwrap_or(kind);
    let start = dashes.checked_sub(count_dashes(text.get(..dashes)?))?;
    if start == dashes {
        None
    } else if kind.starts_with(b"BEGIN ") {
        Some(Marker::Begin(start))
    } else if kind.starts_with(b"END ") {
        Some(Marker::End(start))
    } else {
        None
    }
}

fn count_dashes(text: &[u8]) -> usize {
    text.iter()
        .rev()
        .take(5)
        .take_while(|byte| **byte == b'-')
        .count()
}

/// Whether a byte may stand in the kind of a key, which is words of capitals and digits.
const fn is_kind(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' '
}
