//! The signs that part a URL, in texts which may be JSON-escaped or percent-encoded.

use super::super::edge::{byte, part, starts};

/// A sign that parts a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    At,
    Colon,
    Slash,
    Question,
    Hash,
    Other,
}

/// Where the authority starts after the `://` at `at`, and how often that is percent-encoded.
pub(super) fn opener(text: &[u8], at: usize) -> Option<(usize, u8)> {
    if byte(text, at) == b':' {
        let first = slash(text, at + 1)?;
        return Some((slash(text, first)?, 0));
    }
    let encoded = [(1, &b"%3A%2F%2F"[..]), (2, b"%253A%252F%252F")];
    encoded
        .iter()
        .find(|(_, sign)| starts(text, at, sign))
        .map(|(level, sign)| (at + sign.len(), *level))
}

/// The byte after the slash at `at`, which may be escaped by backslashes.
fn slash(text: &[u8], at: usize) -> Option<usize> {
    let escapes = part(text, at, text.len())
        .iter()
        .take_while(|b| **b == b'\\')
        .count();
    (byte(text, at + escapes) == b'/').then_some(at + escapes + 1)
}

/// The marks from a place on to the end of the URL: a white space, a quote, `<` or `>`, or the next `://`.
/// Each comes with its start and its end.
pub(super) struct Marks<'t> {
    text: &'t [u8],
    at: usize,
    level: u8,
}

impl<'t> Marks<'t> {
    pub(super) fn new(text: &'t [u8], at: usize, level: u8) -> Self {
        Self { text, at, level }
    }

    /// The mark at `at` and the byte after it, or `None` at the end.
    fn mark_at(&self, at: usize) -> Option<(Mark, usize)> {
        match *self.text.get(at)? {
            b'\\' => self.escaped(at),
            b'%' if self.level > 0 => self.encoded(at),
            b'&' if self.level > 0 => None,
            b => Some((classify(b)?, at + 1)),
        }
    }

    /// What stands at the backslashes at `at`.
    fn escaped(&self, at: usize) -> Option<(Mark, usize)> {
        let rest = part(self.text, at, self.text.len());
        let escapes = rest.iter().take_while(|b| **b == b'\\').count();
        let next = at + escapes;
        match byte(self.text, next) {
            b'/' => Some((Mark::Slash, next + 1)),
            b'n' | b'r' | b't' => None,
            b'u' => match hex(part(self.text, next + 1, next + 5)) {
                Some(code) => Some((
                    u8::try_from(code).map_or(Some(Mark::Other), classify)?,
                    next + 5,
                )),
                None => Some((Mark::Other, next)),
            },
            _ => Some((Mark::Other, next)),
        }
    }

    /// What stands at the `%` at `at`.
    fn encoded(&self, at: usize) -> Option<(Mark, usize)> {
        let digits = if self.level > 1 && part(self.text, at + 1, at + 3) == b"25" {
            at + 3
        } else {
            at + 1
        };
        match hex(part(self.text, digits, digits + 2)) {
            Some(code) if digits == at + 1 + 2 * usize::from(self.level - 1) => Some((
                u8::try_from(code).map_or(Some(Mark::Other), classify)?,
                digits + 2,
            )),
            _ => Some((Mark::Other, at + 1)),
        }
    }
}

impl Iterator for Marks<'_> {
    type Item = (Mark, usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        let (mark, next) = self.mark_at(at)?;
        if mark == Mark::Colon
            && let Some((Mark::Slash, second)) = self.mark_at(next)
            && let Some((Mark::Slash, _)) = self.mark_at(second)
        {
            return None;
        }
        self.at = next;
        Some((mark, at, next))
    }
}

/// What the byte is in a URL, or `None` if it ends one.
fn classify(b: u8) -> Option<Mark> {
    Some(match b {
        b'@' => Mark::At,
        b':' => Mark::Colon,
        b'/' => Mark::Slash,
        b'?' => Mark::Question,
        b'#' => Mark::Hash,
        0..=b' ' | 0x7f | b'"' | b'\'' | b'`' | b'<' | b'>' => return None,
        _ => Mark::Other,
    })
}

/// The number that hexadecimal digits stand for.
fn hex(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0, |number, &digit| {
        Some(number * 16 + char::from(digit).to_digit(16)?)
    })
}
