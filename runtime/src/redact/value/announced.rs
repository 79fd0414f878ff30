//! Schemes where a value should stand: what they announce is the value.

use super::super::keys::{Key, Kind};
use super::bare::{end_of, is_name_next};
use super::lead::Led;
use super::{has_digit, words};

/// Schemes whose credentials are one word.
const SCHEMES: &[&str] = &[
    "bearer",
    "basic",
    "token",
    "apikey",
    "api-key",
    "digest",
    "negotiate",
    "ntlm",
    "oauth",
    "hawk",
    "mac",
    "dpop",
    "ssws",
    "geniekey",
    "splunk",
    "aws4-hmac-sha256",
    "sharedaccesssignature",
    "sharedkey",
    "key",
    "bot",
    "jwt",
    "hmac",
    "discordbot",
    "googlelogin",
    "signature",
    "snowflake",
    "vapid",
    "webpush",
    "pat",
    "aws",
    "zoho-oauthtoken",
    "klaviyo-api-key",
];

/// `start`, or the place behind a scheme and a blank there.
pub(super) fn behind_scheme(text: &[u8], start: usize, end: usize) -> usize {
    let value = text.get(start..end).unwrap_or_default();
    let word = value
        .iter()
        .take(32)
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
        .count();
    if word == 0 || value.get(word) != Some(&b' ') {
        return start;
    }
    let is_scheme = SCHEMES
        .iter()
        .any(|scheme| value[..word].eq_ignore_ascii_case(scheme.as_bytes()));
    if is_scheme { start + word + 1 } else { start }
}

/// The longest name of a scheme.
const LONGEST_SCHEME: usize = 32;

/// The same of a scheme that is not known, behind which one word stands and nothing else.
pub(super) fn unknown_scheme(text: &[u8], key: &Key, led: &Led) -> Option<usize> {
    let rest = text.get(led.at..)?;
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
    let name = rest.iter().take(LONGEST_SCHEME).take_while(is_name).count();
    let is_scheme = key.kind == Kind::Header
        && !key.is_plural
        && rest.first().is_some_and(u8::is_ascii_uppercase)
        && rest.get(name) == Some(&b' ');
    if !is_scheme {
        return None;
    }
    let word = rest.get(name + 1..)?;
    let reach = &word[..word.len().min(words::LONGEST_RANDOM)];
    let length = end_of(reach, 0, 0, led);
    let is_last = matches!(
        reach.get(length),
        None | Some(b'\n' | b'\r' | b'"' | b'\'' | b'\\')
    );
    let word = &reach[..length];
    let is_token = length >= 8 && has_digit(word) || words::is_placeholder(word);
    (is_last && is_token).then_some(led.at + name + 1)
}

/// Where the credentials begin, if a scheme stands where the value should.
pub(super) fn credentials(text: &[u8], led: &Led) -> Option<usize> {
    let behind = behind_scheme(text, led.at, text.len());
    if behind == led.at {
        return None;
    }
    let rest = text.get(behind..)?;
    let is_one = end_of(&text[..text.len().min(behind + 4)], behind, behind, led) == behind + 4
        || is_name_next(text, behind);
    // `token_type: Bearer error=".."` names no credentials.
    let is_parameter =
        rest.starts_with(b"error=") || rest.starts_with(b"realm=") || rest.starts_with(b"(");
    let word = &rest[..rest.len().min(words::LONGEST_WORD + 2)];
    (is_one && !is_parameter && !words::is_saying(word)).then_some(behind)
}
