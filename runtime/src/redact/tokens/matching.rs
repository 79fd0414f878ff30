//! Whether a text holds a token of one format.

use core::ops::Range;

use super::boundary;
use super::charset::LOOSE;
use super::packed::{Format, Piece};
use super::shape::{HAS_DIGIT, HAS_LOWER, HAS_UPPER, NO_END};

/// So much of a body must show that it is random; more is not read, so that a miss stays cheap.
const WINDOW: usize = 32;

/// For every byte, which of the three it is.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut b: u8 = 0;
    while b < 128 {
        if b.is_ascii_digit() {
            kinds[b as usize] = HAS_DIGIT;
        } else if b.is_ascii_uppercase() {
            kinds[b as usize] = HAS_UPPER;
        } else if b.is_ascii_lowercase() {
            kinds[b as usize] = HAS_LOWER;
        }
        b += 1;
    }
    kinds
};

/// The token of the format at `at`; `None` if there is none.
pub(super) fn find(text: &[u8], at: usize, format: &Format) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let prefix = format.prefix();
    if !rest.starts_with(prefix) {
        return None;
    }
    let body = at + prefix.len();
    if !boundary::starts(text, at, format.is_alone()) || !looks_random(text, body, format) {
        return None;
    }
    let mut last = format.body();
    let mut end = part_end(text, body, last)?;
    for part in format.rest() {
        last = part.piece();
        end = part_end(text, end, last)?;
    }
    if let Piece::Run { set, min, max } = last {
        if max != NO_END && text.get(end).is_some_and(|&b| set.has(b)) {
            return None;
        }
        end = trimmed(text, body + usize::from(min), end);
    }
    let start = if format.is_label() { body } else { at };
    boundary::ends(text, end).then_some(start..end)
}

/// The end of `part` if it stands at `at`.
#[inline]
fn part_end(text: &[u8], at: usize, part: Piece) -> Option<usize> {
    let rest = text.get(at..)?;
    match part {
        Piece::Lit(text) => rest.starts_with(text).then(|| at + text.len()),
        Piece::Run { set, min, max } => {
            let max = if max == NO_END {
                rest.len()
            } else {
                usize::from(max)
            };
            let len = rest.iter().take(max).take_while(|&&b| set.has(b)).count();
            (len >= usize::from(min)).then_some(at + len)
        }
    }
}

/// `end` without the dots of a sentence after the token, but not below `min`.
fn trimmed(text: &[u8], min: usize, mut end: usize) -> usize {
    while end > min && text.get(end - 1) == Some(&b'.') {
        end -= 1;
    }
    end
}

/// Whether the first bytes of the body have what the format demands of them.
fn looks_random(text: &[u8], body: usize, format: &Format) -> bool {
    if format.wanted() == 0 {
        return true;
    }
    let set = if format.is_body_only() {
        format.set()
    } else {
        LOOSE
    };
    let body = text.get(body..).unwrap_or_default().iter().take(WINDOW);
    let seen = body
        .take_while(|&&b| set.has(b))
        .fold(0, |seen, &b| seen | KINDS[usize::from(b)]);
    seen & format.wanted() == format.wanted()
}
