//! Private keys of several lines.

use super::super::LIMIT;
use super::filtered;

/// A line of a key: not one, and long enough.
const BODY: &str = "MIIEpAIBAAKCAQEAnotAKeynotAKeynotAKeynotAKeynotAKeynotAKey0123+/";

/// A line of a certificate, which is no part of a key.
const OTHER: &str = "MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ";

const MARKS: [(&str, &str); 5] = [
    ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"),
    (
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----END RSA PRIVATE KEY-----",
    ),
    (
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "-----END OPENSSH PRIVATE KEY-----",
    ),
    (
        "-----BEGIN PGP PRIVATE KEY BLOCK-----",
        "-----END PGP PRIVATE KEY BLOCK-----",
    ),
    (
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
        "---- END SSH2 ENCRYPTED PRIVATE KEY ----",
    ),
];

/// Asserts that of `text` all is shown in order but its key, which is once `[REDACTED]`.
#[track_caller]
fn assert_hidden(text: &str, pieces: &[&str]) {
    let shown = filtered(text);
    assert!(!shown.contains("AIBAAK"), "{shown}");
    assert!(!shown.contains("shortend"), "{shown}");
    assert_eq!(shown.matches("[REDACTED]").count(), 1, "{shown}");
    let mut rest = shown.as_str();
    for piece in pieces {
        let found = rest.split_once(piece);
        assert!(found.is_some(), "no {piece:?} in {shown}");
        rest = found.unwrap().1;
    }
    assert_eq!(filtered(&shown), shown, "twice");
}

#[test]
fn the_lines_of_a_key_are_hidden_as_one() {
    for (begin, end) in MARKS {
        for newline in ["\n", "\r\n"] {
            let text = [
                "before",
                begin,
                BODY,
                BODY,
                "shortend=",
                end,
                "after one",
                "after two",
                "",
            ];
            assert_hidden(&text.join(newline), &["before", "after one", "after two"]);
        }
    }
}

#[test]
fn headers_and_empty_lines_belong_to_the_key() {
    let text = format!(
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AIBAAK\n\n{BODY}\n\
         shortend\n-----END RSA PRIVATE KEY-----\nError: after it\n"
    );
    assert_hidden(&text, &["Error: after it\n"]);
}

#[test]
fn what_a_logger_puts_before_each_line_changes_nothing() {
    let prefix = "2026-01-02T03:04:05Z app[77]: ";
    let lines = [
        "-----BEGIN RSA PRIVATE KEY-----",
        "Proc-Type: 4,ENCRYPTED",
        "",
        BODY,
        "shortend",
        "-----END RSA PRIVATE KEY-----",
        "served a request",
    ];
    let mut text = String::new();
    for line in lines {
        text.push_str(format!("{prefix}{line}").trim_end());
        text.push('\n');
    }
    assert_hidden(&text, &["served a request\n"]);
}

#[test]
fn quotes_and_indentation_change_nothing() {
    let text = format!(
        "key: |\n  -----BEGIN PRIVATE KEY-----\n  {BODY}\n  shortend=\n  -----END PRIVATE KEY-----\nname: after it\n"
    );
    assert_hidden(&text, &["key: |\n", "name: after it\n"]);
    let text = format!(
        "k = \"-----BEGIN PRIVATE KEY-----\\n\" +\n    \"{BODY}\\n\" +\n    \"shortend=\\n\" +\n    \"-----END PRIVATE KEY-----\"\nx = after it\n"
    );
    assert_hidden(&text, &["x = after it\n"]);
}

#[test]
fn a_key_without_an_end_ends_at_ordinary_text() {
    let text = format!("-----BEGIN PRIVATE KEY-----\n{BODY}\nshortend\nthe key is broken\nshown\n");
    assert_hidden(&text, &["the key is broken\nshown\n"]);
}

#[test]
fn a_key_without_an_end_is_given_up_in_time() {
    let text = format!("-----BEGIN PRIVATE KEY-----\n{}", "ok\n".repeat(2000));
    assert_eq!(filtered(text).matches("ok\n").count(), 2000 - 1024);
    let line = format!("{}\n", "y".repeat(4096));
    let text = format!("-----BEGIN PRIVATE KEY-----\n{}", line.repeat(40));
    assert_eq!(filtered(text).matches(&line).count(), 40 - 16);
}

#[test]
fn several_keys_are_several() {
    let key = format!("-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----\n");
    let shown = filtered(format!("{key}{key}between them\n{key}"));
    assert!(!shown.contains("AIBAAK"), "{shown}");
    assert_eq!(shown.matches("[REDACTED]").count(), 3, "{shown}");
    assert!(shown.contains("between them\n"), "{shown}");
}

#[test]
fn a_key_that_begins_in_a_long_line_is_known_in_the_next() {
    for before in [LIMIT - 10, LIMIT, 2 * LIMIT, 20_000] {
        for start in ["a password=", "a "] {
            let text = format!(
                "{start}{} -----BEGIN PRIVATE KEY-----\n{BODY}\nshortend\nafter it\n",
                "s".repeat(before)
            );
            let shown = filtered(&text);
            assert!(!shown.contains("AIBAAK"), "{before}");
            assert!(!shown.contains("shortend"), "{before}");
            assert!(shown.ends_with("\nafter it\n"), "{before}");
        }
    }
}

#[test]
fn a_key_in_one_endless_line_is_hidden() {
    let text = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\r-----END PRIVATE KEY-----\nafter it\n",
        BODY.repeat(400)
    );
    let shown = filtered(&text);
    assert!(!shown.contains("AIBAAK"));
    assert_eq!(shown.matches("[REDACTED]").count(), 1);
    assert!(shown.ends_with("[REDACTED]\nafter it\n"), "{shown}");
}

#[test]
fn what_is_no_key_is_shown() {
    for text in [
        format!("-----BEGIN CERTIFICATE-----\n{OTHER}\n-----END CERTIFICATE-----\n"),
        format!("-----BEGIN PUBLIC KEY-----\n{OTHER}\n-----END PUBLIC KEY-----\n"),
        format!("expected a PRIVATE KEY\n{OTHER}\n"),
        String::from("-----END PRIVATE KEY-----\nok\n"),
        String::from("PRIVATE KEYPRIVATE KEY-\nok\nBEGIN PRIVATE KEY-----\nok\n"),
    ] {
        assert_eq!(filtered(&text), text);
    }
}
