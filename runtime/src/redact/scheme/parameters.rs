//! Credentials that are a list of parameters.

use core::ops::Range;

use super::super::edge::{byte, is_placeholder, part};

/// The names of the parameters that are secret, or prove that one knows a secret.
const SECRETS: [&[u8]; 15] = [
    b"signature",
    b"response",
    b"mac",
    b"sig",
    b"oauth_signature",
    b"oauth_token",
    b"token",
    b"auth",
    b"access_token",
    b"client_secret",
    b"nlauth_signature",
    b"passworddigest",
    b"password",
    b"api_key",
    b"apikey",
];

/// The last secret in a list of `name=value` or `name="value"` from `start` on, with `,`, `;` or `&` between them.
///
/// The list ends at the first place which is neither, so a scheme within it is never read as part of two lists.
pub(super) fn secret(text: &[u8], start: usize) -> Option<Range<usize>> {
    let mut found = None;
    let mut at = start;
    loop {
        let name_end = skip(text, at, |b| {
            b.is_ascii_alphanumeric() || b"_-.".contains(&b)
        });
        let mut next = name_end;
        if name_end > at && byte(text, name_end) == b'=' {
            let value;
            (value, next) = value_at(text, name_end + 1);
            let name = part(text, at, name_end);
            let secret = SECRETS.iter().any(|known| name.eq_ignore_ascii_case(known));
            if secret && !is_placeholder(part(text, value.start, value.end)) {
                found = Some(value);
            }
        } else if at == start {
            return None;
        }
        // A name without a value is one more of a list, as in `SignedHeaders=host;date`.
        if next == at || !matches!(byte(text, next), b',' | b';' | b'&') {
            return found;
        }
        at = skip(text, next + 1, |b| b == b' ');
    }
}

/// The value at `at` without its quotes, and where what follows it starts.
fn value_at(text: &[u8], at: usize) -> (Range<usize>, usize) {
    let open = skip(text, at, |b| b == b'\\');
    if byte(text, open) != b'"' {
        let end = skip(text, at, |b| b > b' ' && !b"\"',;&\\<>()[]{}".contains(&b));
        return (at..end, end);
    }
    let end = skip(text, open + 1, |b| !matches!(b, b'"' | b'\\' | b'\n'));
    let close = skip(text, end, |b| b == b'\\');
    let next = if byte(text, close) == b'"' {
        close + 1
    } else {
        end
    };
    (open + 1..end, next)
}

/// The first byte from `at` on which is not `ok`.
fn skip(text: &[u8], at: usize, ok: impl Fn(u8) -> bool) -> usize {
    let bytes = text.get(at..).unwrap_or_default();
    at + bytes.iter().take_while(|b| ok(**b)).count()
}
