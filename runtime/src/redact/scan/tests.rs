use super::Filter;
use crate::redact::{cli, keys, scheme};

#[test]
fn of_several_a_sentence_goes_on() {
    let filter = Filter::new();
    let text = "cannot take tokens: queue full";
    assert_eq!(filter.filter(text), text);
    assert_eq!(
        filter.filter("tokens: hunter2 full"),
        "tokens: [REDACTED] full"
    );
    assert_eq!(
        filter.filter("tokens: queue, full"),
        "tokens: [REDACTED], full"
    );
}

#[test]
fn a_short_name_may_stand_behind_an_escape() {
    let filter = Filter::new();
    for before in ["\\n", "%0A", "\\u0026", "\\x0a"] {
        let text = format!("x{before}psk=hunter2secret");
        assert_eq!(filter.filter(&text), format!("x{before}psk=[REDACTED]"));
    }
    let text = "xpsk=hunter2secret";
    assert_eq!(filter.filter(text), text);
}

#[test]
fn the_index_is_sparse() {
    let [ends, starts] = super::BUILT_IN.fill();
    assert!(ends < 3_500, "{ends} of {}", 1 << 16);
    assert!(starts < 6_000, "{starts} of {}", 1 << 17);
}

/// Asserts that nothing of the secret that stands between the marks is left, at whatever place of a block.
fn is_hidden(filter: &Filter, marked: &str) {
    let (before, rest) = marked.split_once('‹').unwrap();
    let (secret, after) = rest.split_once('›').unwrap();
    for pad in (0..6).chain(50..66) {
        for fill in [" ", "7"] {
            let pad = fill.repeat(pad);
            let text = format!("{pad} {before}{secret}{after}");
            let shown = filter.filter(&text);
            assert!(!shown.contains(secret), "{text}: {shown}");
        }
    }
}

#[test]
fn every_name_is_found_at_every_place() {
    let filter = Filter::new();
    for name in keys::names() {
        let camel = name.split('_').enumerate().map(|(place, word)| {
            let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
            if place == 0 {
                word.to_owned()
            } else {
                first.to_uppercase() + rest
            }
        });
        let camel: String = camel.collect();
        for name in [
            name.to_owned(),
            name.to_ascii_uppercase(),
            name.replace('_', "-"),
            camel,
        ] {
            is_hidden(&filter, &format!("{name}=‹hunter2Secret9› x"));
            is_hidden(&filter, &format!("\"{name}\":\"‹hunter2Secret9›\","));
        }
        is_hidden(&filter, &format!("old_{name}: ‹hunter2Secret9›"));
    }
    for numbered in [
        "api_token_123",
        "api_key_2",
        "password12",
        "token7",
        "secret-99",
    ] {
        is_hidden(&filter, &format!("{numbered}=‹hunter2Secret9› x"));
        is_hidden(
            &filter,
            &format!("{{\"r\":1,\"{numbered}\":\"‹hunter2Secret9›\"}}"),
        );
    }
}

#[test]
fn every_scheme_and_every_command_is_found_at_every_place() {
    let filter = Filter::new();
    let token = "k7Qd2XeAfZ9bC3gR5hT1jV8mW0nY4pS6k7qd2xeafz9bc3gr5ht1";
    for scheme in scheme::tokens() {
        is_hidden(&filter, &format!("header {scheme} ‹{token}›"));
        is_hidden(&filter, &format!("\"{scheme} ‹{token}›\""));
    }
    for command in cli::joined() {
        is_hidden(&filter, &format!("{command} -p‹hunter2secret› x"));
        is_hidden(&filter, &format!("{command}.exe -p‹hunter2secret› x"));
    }
    is_hidden(&filter, "curl.exe -u anna:‹hunter2secret› https://x.y/");
}

#[test]
fn a_token_known_by_its_end_may_be_the_name_of_a_file() {
    let filter = Filter::new();
    for after in ["", ".log", "_prod", "-old", "/lists", " x"] {
        is_hidden(
            &filter,
            &format!("‹5f4dcc3b5aa765d61d8327deb882cf99›-us12{after}"),
        );
    }
}
