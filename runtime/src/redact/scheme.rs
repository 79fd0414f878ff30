//! The credentials after the name of an HTTP authentication scheme, wherever it stands: `Bearer ...`, `Basic ...`.
//!
//! One call reads the credentials only, in which no further scheme with a space after it can stand, so that all
//! calls on one text together are linear.

mod basic;
mod parameters;
mod table;
#[cfg(test)]
mod tests;
mod value;

use core::ops::Range;

pub(super) use self::table::WORDS;
use self::table::{Kind, Scheme};
use super::edge::{begins, byte, ends_an_escape, part};

/// The credentials of the scheme whose name starts at `at`, without their quotes. `None` if there are none, or if what
/// follows is a word, a challenge (`Bearer realm="x"`) or a placeholder.
pub(super) fn credentials_at(text: &[u8], at: usize) -> Option<Range<usize>> {
    if !begins(text, at) {
        return None;
    }
    let scheme = scheme_at(text, at)?;
    let (start, encoded) = after_gap(text, at + scheme.name.len())?;
    let (start, end) = value::span(text, start, encoded)?;
    let credentials = part(text, start, end);
    let exact = part(text, at, start).starts_with(scheme.name.as_bytes());
    let hide = match scheme.kind {
        Kind::Bearer => value::is_bearer(text, credentials, end, exact),
        Kind::Basic => basic::is_basic(credentials) || (exact && value::is_long_token(credentials)),
        Kind::Token => value::is_token(credentials),
        Kind::Word => (exact || is_value(text, at)) && value::is_token(credentials),
        Kind::Pair => {
            let colon = credentials.iter().position(|b| *b == b':')?;
            let secret = part(credentials, colon + 1, credentials.len());
            return (colon > 0 && secret.len() >= 16 && value::is_token(secret))
                .then_some(start + colon + 1..end);
        }
        Kind::Parameters => {
            if let Some(found) = parameters::secret(text, start) {
                return Some(found);
            }
            value::is_token(credentials)
        }
    };
    hide.then_some(start..end)
}

/// The schemes before a token.
#[cfg(test)]
pub(super) fn tokens() -> impl Iterator<Item = &'static str> {
    let is_token = |scheme: &&Scheme| !matches!(scheme.kind, Kind::Basic | Kind::Pair);
    table::SCHEMES
        .iter()
        .filter(is_token)
        .map(|scheme| scheme.name)
}

/// The longest name of a scheme.
const LONGEST_NAME: usize = 24;

/// The credentials of the scheme whose name ends before `end`.
pub(super) fn credentials_after(text: &[u8], end: usize) -> Option<Range<usize>> {
    let name = part(text, end.saturating_sub(LONGEST_NAME), end);
    let length = name
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .count();
    // The letters of an escape may stand before it.
    [0, 1, 2, 5].into_iter().find_map(|escape| {
        credentials_at(
            text,
            (end - length).checked_add(escape).filter(|at| *at < end)?,
        )
    })
}

/// The scheme whose name starts at `at` and ends where a word ends.
fn scheme_at(text: &[u8], at: usize) -> Option<&'static Scheme> {
    table::starting_with(byte(text, at)).iter().find(|scheme| {
        let name = scheme.name.as_bytes();
        matches!(byte(text, at + name.len()), b' ' | b'\t' | b'+' | b'%')
            && part(text, at, at + name.len()).eq_ignore_ascii_case(name)
    })
}

/// Where the space at `at` ends, and whether it is written as in a URL. It is at most eight bytes long.
fn after_gap(text: &[u8], at: usize) -> Option<(usize, bool)> {
    if byte(text, at) == b'+' {
        return Some((at + 1, true));
    }
    if part(text, at, at + 3) == b"%20" {
        return Some((at + 3, true));
    }
    let spaces = part(text, at, text.len().min(at + 8))
        .iter()
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    (spaces > 0).then_some((at + spaces, false))
}

/// Whether a value starts at `at`: a quote, a colon or an equals sign stands before.
fn is_value(text: &[u8], at: usize) -> bool {
    let before = part(text, at.saturating_sub(4), at);
    let sign = before
        .iter()
        .rev()
        .find(|b| **b != b' ')
        .copied()
        .unwrap_or(0);
    b"\"'`:=".contains(&sign) || ends_an_escape(text, at)
}
