//! A secret is planted in everything that failing calls have in hand, and looked for in everything that the process
//! prints: as it is, in base64, percent-encoded, as in JSON, and eight bytes of it in a row.

use std::collections::HashSet;
use std::process::Command;

use wait_or_die_tests::encodings::{base64_within, json, percent, percent_all};

/// A token, and a password with what URLs, JSON and quotes have to escape.
const SECRETS: [&str; 2] = ["Zq8vWx3LmN0pK7tYb2RcD5fG", "Zq8/vWx3\"LmN0+pK7 tYb2\\RcD"];
/// Bytes in a row that are too many to be shown.
const SHOWN: usize = 8;

/// Everything that the program prints.
fn printed(mode: &str, secret: &str) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_canary"))
        .args([mode, secret])
        .env_remove("RUST_LOG")
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
    assert!(out.status.success(), "{}: {text}", out.status);
    text
}

/// The lines that show the secret in any form, or a part of it.
fn shown(text: &str, secret: &str) -> Vec<String> {
    let mut forms = vec![
        secret.to_owned(),
        percent(secret),
        percent_all(secret),
        json(secret),
        json(&json(secret)),
    ];
    forms.push(percent_all(secret).to_lowercase());
    forms.extend(base64_within(secret));
    let url_safe = base64_within(secret).map(|form| form.replace('+', "-").replace('/', "_"));
    forms.extend(url_safe);
    let parts: HashSet<&[u8]> = forms
        .iter()
        .flat_map(|form| form.as_bytes().windows(SHOWN))
        .collect();
    let shows = |line: &&str| {
        line.as_bytes()
            .windows(SHOWN)
            .any(|part| parts.contains(part))
    };
    text.lines().filter(shows).map(str::to_owned).collect()
}

#[track_caller]
fn assert_not_shown(mode: &str) -> String {
    let mut all = String::new();
    for secret in SECRETS {
        let text = printed(mode, secret);
        let found = shown(&text, secret);
        assert!(
            found.is_empty(),
            "{mode}: {} lines\n{}",
            found.len(),
            found.join("\n")
        );
        all.push_str(&text);
    }
    all
}

/// What shows that the calls failed as they were meant to, and that the texts were printed and not left out.
#[track_caller]
fn assert_told(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
}

const TOLD: &[&str] = &[
    "retrying",
    "gave up",
    "rejected",
    "reason=\"not_retryable\"",
    "reason=\"retries\"",
    "reason=\"timeout\"",
    "reason=\"breaker_open\"",
    "reason=\"budget\"",
    "canary.blocking",
    "panicked at",
    "called with https://api.example.com/v1?page=2&key=[REDACTED]",
    "the request is served: Refused {",
    "fallback for error sending request for url (https://api.example.com/v1?page=2&key=[REDACTED]",
    "https://anna:[REDACTED]@api.example.com/v1",
    "Bearer [REDACTED]",
    r#""password":"[REDACTED]""#,
    "redis://:[REDACTED]@cache:6379/0",
    "conflict: circuit breaker",
    "kept: [REDACTED] [REDACTED]",
];

#[test]
fn the_runtime_itself_tells_nothing_of_it() {
    assert_told(&assert_not_shown("bare"), TOLD);
}

#[test]
fn nor_does_a_programs_own_log_through_the_writer() {
    let text = assert_not_shown("filtered");
    assert_told(&text, TOLD);
    assert_told(
        &text,
        &[
            "request{password=",
            "signing in at https://api.example.com/v1?page=2&key=[REDACTED]",
        ],
    );
}

#[test]
fn nor_does_a_log_in_colours() {
    let text = assert_not_shown("coloured");
    assert_told(
        &text,
        &[
            "\u{1b}[",
            "retrying",
            "gave up",
            "signing in",
            "all calls were made",
        ],
    );
}

#[test]
fn what_is_printed_past_the_filter_is_found() {
    for secret in SECRETS {
        for mode in ["control", "control-base64", "control-fragment"] {
            assert_eq!(shown(&printed(mode, secret), secret).len(), 1, "{mode}");
        }
    }
}
