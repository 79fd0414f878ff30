//! Which headers carry secrets.

use crate::redact::under::hides;

/// Headers that carry secrets without a word in their name that says so: those of cloud vendors and proxies, as their
/// manuals describe them.
const SECRET: [&str; 9] = [
    // RFC 9449: a signed proof of possession.
    "dpop",
    // RFC 9110 and RFC 7615: they prove knowledge of the credential.
    "authentication-info",
    "proxy-authentication-info",
    // The user's claims, signed, behind a load balancer of AWS.
    "x-amzn-oidc-data",
    "x-amzn-oidc-accesstoken",
    // S3: a hash of the customer's own key.
    "x-amz-server-side-encryption-customer-key-md5",
    "x-amz-copy-source-server-side-encryption-customer-key-md5",
    "x-apikey",
    "x-session-id",
];

/// A name whose last word is one of these carries a secret.
const LAST_WORDS: [&str; 22] = [
    "assertion",
    "auth",
    "authorization",
    "apikey",
    "cookie",
    "cookie2",
    "credential",
    "credentials",
    "hmac",
    "jwt",
    "key",
    "keys",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secret",
    "secrets",
    "session",
    "signature",
    "token",
    "tokens",
];

/// What may stand behind that word: the hash of a signature, or its version (`x-hub-signature-256`).
const SUFFIXES: [&str; 7] = ["1", "256", "512", "sha1", "sha256", "sha512", "v1"];

/// Names that end in such a word and are no secret.
const OPEN: [&str; 8] = [
    "cache-key",
    "idempotency-key",
    "sec-websocket-key",
    "surrogate-key",
    "x-cache-key",
    "x-idempotency-key",
    "xkey",
    "x-partition-key",
];

/// Schemes of `authorization`: those of IANA's registry, and of vendors. What stands first in a value and is none of them
/// may be the secret itself.
const SCHEMES: [&str; 27] = [
    "apikey",
    "api-key",
    "aws",
    "aws4-ecdsa-p256-sha256",
    "aws4-hmac-sha256",
    "basic",
    "bearer",
    "bot",
    "concealed",
    "digest",
    "dpop",
    "geniekey",
    "gnap",
    "goog4-hmac-sha256",
    "hawk",
    "hoba",
    "mutual",
    "negotiate",
    "ntlm",
    "oauth",
    "privatetoken",
    "scram-sha-1",
    "scram-sha-256",
    "sharedkey",
    "sharedkeylite",
    "token",
    "vapid",
];

/// Whether the header carries a secret. The names of a `HeaderMap` are in small letters.
pub(super) fn is_secret(name: &str) -> bool {
    // Limits are counted in requests, and in tokens of language models.
    if OPEN.contains(&name) || name.contains("ratelimit") {
        return false;
    }
    SECRET.contains(&name) || LAST_WORDS.contains(&last_word(name)) || hides(name)
}

fn last_word(name: &str) -> &str {
    let mut words = name.rsplit(['-', '_', '.']);
    let last = words.next().unwrap_or_default();
    if SUFFIXES.contains(&last) {
        return words.next().unwrap_or_default();
    }
    last
}

/// The name of the authentication scheme that `value` begins with, if it is a known one with something behind it, and
/// the header one that has them.
pub(super) fn scheme<'v>(name: &str, value: &'v str) -> Option<&'v str> {
    if last_word(name) != "authorization" {
        return None;
    }
    let (scheme, _) = value.split_once(' ')?;
    let is_known = SCHEMES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(scheme));
    is_known.then_some(scheme)
}
