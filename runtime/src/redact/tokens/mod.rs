//! Secrets that show what they are by themselves: tokens of public vendors and web addresses that hold one.

mod boundary;
mod charset;
mod index;
mod infix;
mod lookup;
mod matching;
mod packed;
mod shape;
mod table;
mod webhooks;

#[cfg(test)]
mod tests;

use core::ops::Range;

pub(super) use self::charset::{Charset, DIGIT};
pub(super) use self::index::add_all;
use self::infix::INFIXES;
pub(super) use self::infix::{infix_at, suffixed_at};
use self::shape::Token;
use self::webhooks::WEBHOOKS;
pub(super) use self::webhooks::webhook_at;

/// Every known format, in byte order of the prefix. For an index of first bytes read [`Token::byte`], since a few
/// prefixes are shorter than the index.
const TOKENS: &[Token] = table::ALL;

/// A user's own prefix must be followed by so many bytes to be a secret.
const USER_MIN: usize = 6;
/// With its prefix it must have so many, before the first `=`: by so long a piece it is found.
const USER_MIN_IN_ALL: usize = 12;

/// The secret that starts at `at`, where some prefix stands; `None` if it is none.
///
/// Of several formats that fit, the one that covers most counts. The range may start after `at`, where the prefix
/// only names the secret. Bytes before `at` are read to see whether a word begins there.
pub(super) fn token_at(text: &[u8], at: usize) -> Option<Range<usize>> {
    if !boundary::starts(text, at, false) {
        return None;
    }
    lookup::candidates(text.get(at..)?)
        .filter_map(|token| matching::find(text, at, token))
        .max_by_key(|range| range.end)
}

/// The secret of a format whose prefix begins before `at` and is found by what stands there.
pub(super) fn token_around(text: &[u8], at: usize) -> Option<Range<usize>> {
    lookup::found_later()
        .find_map(|(before, token)| matching::find(text, at.checked_sub(before)?, token))
}

/// The secret that starts at `at` with one of a user's own `prefixes`: the longest of them, then at least six bytes of
/// `[A-Za-z0-9_.=+/-]`. Empty prefixes are passed over.
pub(super) fn user_token_at(text: &[u8], at: usize, prefixes: &[&str]) -> Option<Range<usize>> {
    if !boundary::starts(text, at, false) {
        return None;
    }
    let rest = text.get(at..)?;
    let prefix = prefixes
        .iter()
        .filter(|prefix| !prefix.is_empty() && rest.starts_with(prefix.as_bytes()))
        .map(|prefix| prefix.len())
        .max()?;
    let len = rest
        .iter()
        .skip(prefix)
        .take_while(|&&b| b.is_ascii_alphanumeric() || b"_.=+/-".contains(&b))
        .count();
    let before_sign = rest
        .iter()
        .take(prefix + len)
        .position(|byte| *byte == b'=');
    (len >= USER_MIN && before_sign.unwrap_or(prefix + len) >= USER_MIN_IN_ALL)
        .then_some(at..at + prefix + len)
}
