//! Whether a text holds a token of one format.

use core::ops::Range;

use super::boundary;
use super::charset::LOOSE;
use super::shape::{HAS_DIGIT, HAS_LOWER, HAS_UPPER, NO_END, Part, Token};

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

/// The token of the format `token` at `at`; `None` if there is none.
pub(super) fn find(text: &[u8], at: usize, token: &Token) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    if !rest.starts_with(token.prefix.as_bytes()) {
        return None;
    }
    let body = at + token.prefix.len();
    if !boundary::starts(text, at, token.alone) || !looks_random(text, body, token) {
        return None;
    }
    let mut end = part_end(text, body, token.body)?;
    let mut last = token.body;
    for part in token.rest {
        end = part_end(text, end, *part)?;
        last = *part;
    }
    if let Part::Run { set, min, max } = last {
        if max != NO_END && text.get(end).is_some_and(|&b| set.has(b)) {
            return None;
        }
        end = trimmed(text, body + usize::from(min), end);
    }
    let start = if token.label { body } else { at };
    boundary::ends(text, end).then_some(start..end)
}

/// The end of `part` if it stands at `at`.
fn part_end(text: &[u8], at: usize, part: Part) -> Option<usize> {
    let rest = text.get(at..)?;
    match part {
        Part::Lit(text) => rest.starts_with(text.as_bytes()).then(|| at + text.len()),
        Part::Run { set, min, max } => {
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
fn looks_random(text: &[u8], body: usize, token: &Token) -> bool {
    if token.wanted == 0 {
        return true;
    }
    let Part::Run { set, .. } = token.body else {
        return true;
    };
    let set = if token.rest.is_empty() { set } else { LOOSE };
    let body = text.get(body..).unwrap_or_default().iter().take(WINDOW);
    let seen = body
        .take_while(|&&b| set.has(b))
        .fold(0, |seen, &b| seen | KINDS[usize::from(b)]);
    seen & token.wanted == token.wanted
}
