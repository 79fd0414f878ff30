//! Every format of the tables, drawn by what its row says, wherever it stands in a text.

use super::super::charset::Charset;
use super::super::infix::INFIXES;
use super::super::shape::Part;
use super::{TOKENS, WEBHOOKS};
use crate::redact::Filter;

/// Characters of the set, digits and letters of both cases in turn where it has them.
fn of(set: Charset, len: usize, seed: usize) -> String {
    let mixed = b"k7Qd2XeAfZ9bC3gR5hT1jV8mW0nY4pS6".iter();
    let mixed: Vec<u8> = mixed.copied().filter(|byte| set.has(*byte)).collect();
    let chars = if mixed.is_empty() {
        (0..128).filter(|byte| set.has(*byte)).collect()
    } else {
        mixed
    };
    (0..len)
        .map(|place| char::from(chars[(place + seed) % chars.len()]))
        .collect()
}

/// A part of a token; with `edges`, signs stand at both ends of a run of letters, where they may.
fn part(part: Part, seed: usize, edges: bool) -> String {
    let (set, min) = match part {
        Part::Lit(text) => return text.to_owned(),
        Part::Run { set, min, .. } => (set, usize::from(min)),
    };
    let drawn = of(set, min, seed);
    if edges && min > 2 && set.has(b'_') && set.has(b'-') {
        format!("-{}_", &drawn[1..min - 1])
    } else {
        drawn
    }
}

/// Whether eight bytes of `secret` in a row are left; all of it, if it is shorter.
fn is_left(hidden: &str, secret: &str) -> bool {
    let length = secret.len().min(8);
    secret
        .as_bytes()
        .windows(length)
        .any(|part| hidden.as_bytes().windows(length).any(|seen| seen == part))
}

/// A text that has `shown` in it, at some place of a block, and does not lose `secret`.
fn shows(shown: &str, secret: &str) -> Option<String> {
    let filter = Filter::new();
    let texts = (0..64).flat_map(|pad| {
        let pad = ".".repeat(pad);
        [
            format!("the {pad} {shown} ends"),
            format!("{pad} \"{shown}\""),
            format!("{pad}={shown}"),
        ]
    });
    texts
        .map(|text| filter.filter(&text).into_owned())
        .find(|hidden| is_left(hidden, secret))
}

#[test]
fn every_token_is_found_at_every_place() {
    let both = |(row, token)| [(row, token, false), (row, token, true)];
    let tokens = TOKENS.iter().enumerate().flat_map(both);
    let shown = tokens.filter_map(|(row, token, edges)| {
        let body: String = token.parts().map(|of| part(of, row, edges)).collect();
        let shown = format!("{}{body}", token.prefix);
        shows(&shown, if token.label { &body } else { &shown })
    });
    assert_eq!(shown.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn every_web_address_is_found_at_every_place() {
    let shown = WEBHOOKS.iter().enumerate().filter_map(|(row, webhook)| {
        let (kept, secret) = webhook.drawn(|set, len| of(set, len, row));
        let host = if kept.starts_with('/') {
            "chat.example.com"
        } else {
            ""
        };
        shows(&format!("https://{host}{kept}{secret}"), &secret)
    });
    assert_eq!(shown.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn every_middle_is_found_at_every_place() {
    let shown = INFIXES.iter().enumerate().filter_map(|(row, infix)| {
        let shown = infix.drawn(|set, len| of(set, len, row));
        shows(&shown, &shown)
    });
    assert_eq!(shown.collect::<Vec<_>>(), [""; 0]);
}
