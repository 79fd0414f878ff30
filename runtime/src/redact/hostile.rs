//! What the matchers must hold on texts that are made to break them.

use super::span::Hide;
use super::{numbers, pem, scheme, userinfo};

const PIECES: [&str; 40] = [
    "://",
    ":\\/\\/",
    "%3A%2F%2F",
    "%253A%252F%252F",
    "@",
    "%40",
    "/",
    "?",
    "#",
    ":",
    "&a=",
    "@tcp(",
    "@/db",
    "sqlplus ",
    "u:p",
    "host.example:5432",
    "[REDACTED]",
    "***",
    "-----BEGIN ",
    "-----END ",
    "RSA PRIVATE KEY",
    "-----",
    "---- ",
    "\\n",
    "\"",
    "\\\"",
    "\\",
    "'",
    " ",
    "\n",
    "Bearer ",
    "Basic ",
    "Digest a=\"",
    "dXNlcjpwYXNz",
    "4111",
    "4111111111111111",
    "DE89",
    " 3704 0044 0532 0130 00",
    "ä\u{2022}",
    "0a1b2c3d4e5f60718293",
];

/// Texts of a few pieces each, always the same.
fn texts() -> impl Iterator<Item = String> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % below
    };
    (0..10_000).map(move |_| {
        let pieces = random(12);
        (0..pieces).map(|_| PIECES[random(PIECES.len())]).collect()
    })
}

/// All that the matchers find from `at` on, each at its own place.
fn found(text: &[u8], at: usize) -> [Option<Hide>; 5] {
    let whole = |range: core::ops::Range<usize>| Hide::whole(range.start, range.end);
    [
        pem::block_at(text, at).map(whole),
        userinfo::userinfo_at(text, at),
        userinfo::dsn_at(text, at, at / 2).map(whole),
        scheme::credentials_at(text, at).map(whole),
        numbers::number_at(text, at),
    ]
}

#[test]
fn what_is_found_is_a_part_of_the_text() {
    let mut hits = [0; 5];
    for text in texts() {
        for at in 0..text.len() + 2 {
            for (kind, hide) in found(text.as_bytes(), at).into_iter().enumerate() {
                let Some(Hide { start, end, .. }) = hide else {
                    continue;
                };
                hits[kind] += 1;
                assert!(start < end, "nothing is hidden in {text:?} at {at}");
                assert!(text.get(start..end).is_some(), "{start}..{end} of {text:?}");
                // A data source name's password stands before its `@`.
                assert!(
                    if kind == 2 {
                        start >= at / 2
                    } else {
                        start >= at
                    },
                    "{text:?} at {at}"
                );
            }
        }
    }
    assert!(hits.iter().all(|count| *count > 20), "{hits:?}");
}

#[test]
fn a_hidden_password_is_found_no_more() {
    for text in texts() {
        for (at, _) in text.match_indices("://") {
            let Some(Hide { start, end, .. }) = userinfo::userinfo_at(text.as_bytes(), at) else {
                continue;
            };
            let hidden = format!("{}[REDACTED]{}", &text[..start], &text[end..]);
            assert_eq!(
                userinfo::userinfo_at(hidden.as_bytes(), at),
                None,
                "{text:?}"
            );
        }
        for (at, _) in text.match_indices("Bearer ") {
            let Some(range) = scheme::credentials_at(text.as_bytes(), at) else {
                continue;
            };
            let hidden = format!("{}[REDACTED]{}", &text[..range.start], &text[range.end..]);
            assert_eq!(
                scheme::credentials_at(hidden.as_bytes(), at),
                None,
                "{text:?}"
            );
        }
    }
}
