//! That the tables hold together.

use super::super::charset::{ALNUM, Charset};
use super::*;

#[test]
fn the_formats_are_in_byte_order_and_none_is_twice() {
    for pair in TOKENS.windows(2) {
        let [a, b] = pair else { continue };
        assert!(
            a.prefix.as_bytes() <= b.prefix.as_bytes(),
            "{} before {}",
            a.prefix,
            b.prefix
        );
        assert_ne!(a, b);
    }
    for (i, token) in TOKENS.iter().enumerate() {
        let same = TOKENS
            .iter()
            .skip(i + 1)
            .take_while(|other| other.prefix == token.prefix);
        assert!(
            same.into_iter().all(|other| other != token),
            "{} is twice",
            token.prefix
        );
    }
}

#[test]
fn there_are_many_formats() {
    assert!(TOKENS.len() >= 650, "{}", TOKENS.len());
    assert!(WEBHOOKS.len() >= 60, "{}", WEBHOOKS.len());
}

#[test]
fn every_format_has_a_body_and_four_bytes_to_index() {
    for token in TOKENS {
        let (min, bytes) = token.parts().fold((0, 0), |(min, bytes), part| match part {
            Part::Run { min: m, max, .. } => {
                assert!(m <= max, "{}", token.prefix);
                (min + usize::from(m), bytes + usize::from(m))
            }
            Part::Lit(text) => (min, bytes + text.len()),
        });
        assert!(min >= 6, "{} has no body", token.prefix);
        assert!(token.prefix.len() + bytes >= 4, "{}", token.prefix);
        for i in 0..4 {
            assert!(
                (0..=127).any(|b| token.byte(i).has(b)),
                "{} has nothing at {i}",
                token.prefix
            );
        }
    }
}

#[test]
fn the_index_of_a_short_prefix_knows_what_follows() {
    let discord = TOKENS
        .iter()
        .find(|token| token.prefix == "M")
        .expect("a row of the table");
    let allowed = |i| {
        (0..=127_u8)
            .filter(|&b| discord.byte(i).has(b))
            .map(char::from)
            .collect::<String>()
    };
    assert_eq!(
        [allowed(0), allowed(1), allowed(2), allowed(3)],
        ["M", "DTjz", "AEIMQUYcgk", "012345wxyz"]
    );
}

/// A run without an end that stops before a letter would be read again at each joint in it: quadratic.
#[test]
fn a_run_without_an_end_either_takes_every_letter_or_has_no_joints() {
    let joints = Charset::of("-_.+/:=|$!@#");
    let has_all = |set: Charset| (0..=127).all(|b| !ALNUM.has(b) || set.has(b));
    for token in TOKENS {
        for part in token.parts() {
            if let Part::Run {
                set, max: NO_END, ..
            } = part
            {
                let joint = (0..=127).any(|b| set.has(b) && joints.has(b));
                assert!(!joint || has_all(set), "{}", token.prefix);
            }
        }
    }
}

#[test]
fn the_services_are_in_byte_order_and_in_lower_case() {
    for pair in WEBHOOKS.windows(2) {
        let [a, b] = pair else { continue };
        assert!(
            a.anchor.as_bytes() < b.anchor.as_bytes(),
            "{} before {}",
            a.anchor,
            b.anchor
        );
    }
    for webhook in WEBHOOKS {
        assert_eq!(webhook.anchor, webhook.anchor.to_ascii_lowercase());
        assert!(
            webhook.anchor.len() >= 4 && webhook.anchor.ends_with(['/', 't']),
            "{}",
            webhook.anchor
        );
    }
}

#[test]
fn the_middles_are_in_byte_order_and_long_enough() {
    for pair in INFIXES.windows(2) {
        let [a, b] = pair else { continue };
        assert!(
            a.anchor.as_bytes() < b.anchor.as_bytes(),
            "{} before {}",
            a.anchor,
            b.anchor
        );
    }
    for infix in INFIXES {
        // An end is known by its last three bytes.
        let least = if infix.is_suffix() { 3 } else { 2 };
        assert!(infix.anchor.len() >= least, "{}", infix.anchor);
    }
}

#[test]
fn the_table_is_what_its_files_hold() {
    assert_eq!(TOKENS, table::ALL);
    assert_eq!(TOKENS.first().map(|token| token.prefix), Some("$1$"));
    assert_eq!(TOKENS.last().map(|token| token.prefix), Some("{SSHA}"));
}
