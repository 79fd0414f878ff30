//! Tokens, told from words.

use super::super::PLACEHOLDER;
use super::super::edge::{byte, is_placeholder, part};

/// Words of messages about a missing or wrong credential.
const WORDS: [&[u8]; 24] = [
    b"auth",
    b"authentication",
    b"authenticated",
    b"authorization",
    b"authorisation",
    b"authenticate",
    b"required",
    b"missing",
    b"invalid",
    b"expired",
    b"error",
    b"realm",
    b"scheme",
    b"header",
    b"only",
    b"based",
    b"type",
    b"format",
    b"scope",
    b"insufficient",
    b"description",
    b"challenge",
    b"methods",
    b"not",
];

/// Starts of names and versions that follow a scheme in prose.
const NAMES: [&[u8]; 5] = [b"rfc", b"http", b"oauth", b"openid", b"tls"];

/// Where the token at `at` starts and ends: behind a quote, and before a delimiter or the stop of a sentence.
///
/// Where spaces are written as `+` or `%20`, the token has none of them.
pub(super) fn span(text: &[u8], at: usize, encoded: bool) -> Option<(usize, usize)> {
    let escapes = part(text, at, text.len())
        .iter()
        .take_while(|b| **b == b'\\')
        .count();
    let start = match byte(text, at + escapes) {
        b'"' | b'\'' | b'`' => at + escapes + 1,
        _ => at,
    };
    let mut end = start;
    while let Some(&b) = text.get(end) {
        let delimiter = b <= b' ' || b == 0x7f || b"\"'`,;&<>()[]{}\\".contains(&b);
        let space = encoded && (b == b'+' || (b == b'%' && is_escaped_delimiter(text, end)));
        if delimiter || space {
            break;
        }
        end += 1;
    }
    // The value of a name inside it was hidden: it was no token, or all of it were.
    if part(text, end, end + PLACEHOLDER.len()) == PLACEHOLDER.as_bytes()
        && matches!(byte(text, end.wrapping_sub(1)), b'=' | b':')
    {
        return None;
    }
    while end > start && matches!(byte(text, end - 1), b'.' | b':' | b'!' | b'?') {
        end -= 1;
    }
    (end > start).then_some((start, end))
}

/// A space, a quote, a comma, a line break or the like, percent-encoded.
fn is_escaped_delimiter(text: &[u8], at: usize) -> bool {
    matches!(
        part(text, at + 1, at + 3),
        b"20"
            | b"22"
            | b"26"
            | b"27"
            | b"2C"
            | b"2c"
            | b"3B"
            | b"3b"
            | b"0A"
            | b"0a"
            | b"0D"
            | b"0d"
            | b"7D"
            | b"7d"
    )
}

/// Whether `token`, which ends at `end`, is one for bearers: at least 16 long, or 6 with a digit, and no words.
pub(super) fn is_bearer(text: &[u8], token: &[u8], end: usize, exact: bool) -> bool {
    let digit = token.iter().any(u8::is_ascii_digit);
    let letter = token.iter().any(u8::is_ascii_alphabetic);
    let long_enough = token.len() >= 16 || (token.len() >= 6 && digit);
    if !long_enough
        || is_parameter(token)
        || is_placeholder(token)
        || is_variable(token)
        || is_name(token)
    {
        return false;
    }
    if digit {
        // `the bearer 1234567` is a number of some paper.
        return letter || exact || token.len() >= 16;
    }
    // A word after it makes it prose, however long.
    let prose = byte(text, end) == b' ' && byte(text, end + 1).is_ascii_lowercase();
    letter && !are_words(token, if prose || !exact { 1 } else { 3 })
}

/// Whether it is at least 16 long, with letters and digits that do not only number words.
pub(super) fn is_token(token: &[u8]) -> bool {
    let digits = token.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = token.iter().any(u8::is_ascii_alphabetic);
    let run = token
        .split(|b| !b.is_ascii_alphanumeric())
        .any(|run| run.len() >= 12 && run.iter().any(u8::is_ascii_digit));
    token.len() >= 16
        && letters
        && digits >= 2
        && (run || digits >= 6)
        && !is_parameter(token)
        && !is_placeholder(token)
        && !is_address(token)
}

/// As `is_token`, and at least 20 long in one piece.
pub(super) fn is_long_token(token: &[u8]) -> bool {
    token.len() >= 20
        && is_token(token)
        && token
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"+/=_-".contains(b))
}

/// `name=value`: padding is at the end only.
fn is_parameter(token: &[u8]) -> bool {
    let unpadded = token
        .iter()
        .rposition(|b| *b != b'=')
        .map_or(0, |last| last + 1);
    let name = token
        .iter()
        .take_while(|b| b.is_ascii_alphabetic() || b"_-".contains(b))
        .count();
    part(token, 0, unpadded).contains(&b'=')
        || (name > 0 && name + 1 == token.len() && token.ends_with(b"="))
}

/// `$TOKEN`, `$env:TOKEN`, `%TOKEN%`.
fn is_variable(token: &[u8]) -> bool {
    let plain = |name: &[u8]| {
        name.iter()
            .all(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b':'))
    };
    match token {
        [b'$', b'e', b'n', b'v', b':', name @ ..] | [b'$', name @ ..] | [b'%', name @ .., b'%'] => {
            plain(name)
        }
        _ => false,
    }
}

/// A version of something, as in `Bearer RFC6750`.
fn is_name(token: &[u8]) -> bool {
    token.len() < 12
        && NAMES
            .iter()
            .any(|name| part(token, 0, name.len()).eq_ignore_ascii_case(name))
}

/// A URL, a date or a time.
fn is_address(token: &[u8]) -> bool {
    token.windows(3).any(|w| w == b"://")
        || matches!(
            token,
            [
                b'1' | b'2',
                _,
                _,
                _,
                b'-',
                _,
                _,
                b'-',
                _,
                _,
                b'T' | b' ',
                ..
            ]
        )
}

/// Whether a token without digits is words of at most 15 letters: fewer than `most`, or one of them of a message.
fn are_words(token: &[u8], most: usize) -> bool {
    let mut pieces = 0;
    let mut message = false;
    for piece in token.split(|b| b"-_./:|".contains(b)) {
        let tail = piece.get(1..).unwrap_or_default();
        let word = piece.first().is_some_and(u8::is_ascii_alphabetic)
            && (tail.iter().all(u8::is_ascii_lowercase)
                || piece.iter().all(u8::is_ascii_uppercase));
        if !word || piece.len() > 15 {
            return false;
        }
        pieces += 1;
        message |= WORDS.iter().any(|known| piece.eq_ignore_ascii_case(known));
    }
    message || pieces < most || most == 1
}
