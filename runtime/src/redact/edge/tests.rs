use super::{begins, ends_an_escape, is_placeholder, starts};

#[test]
fn a_word_begins_after_what_is_no_word_or_an_escape() {
    for (text, at, expected) in [
        ("x", 0, true),
        (" x", 1, true),
        ("ax", 1, false),
        ("_x", 1, false),
        ("-x", 1, true),
        (r"\nx", 2, true),
        ("%3Dx", 3, true),
        ("%3Gx", 3, false),
        (r"\u003dx", 6, true),
        (r"\x3dx", 4, true),
        ("3dx", 2, false),
    ] {
        assert_eq!(begins(text.as_bytes(), at), expected, "{text} at {at}");
    }
    assert!(!ends_an_escape(b" x", 1));
}

#[test]
fn a_word_is_compared_without_its_case() {
    assert!(starts(b"a BeArEr", 2, b"bearer"));
    assert!(!starts(b"a Beare", 2, b"bearer"));
    assert!(!starts(b"a", 7, b"bearer"));
}

#[test]
fn placeholders() {
    for text in [
        "",
        "*",
        "***",
        "xxxxx",
        "...",
        "[REDACTED]",
        "[filtered]",
        "REDACTED",
        "<password>",
        "<your password>",
        "${PW}",
        "${PW:-default}",
        "{{pw}}",
        "{{ .Values.pw }}",
        "{pw}",
        "$(PW)",
        "$DB_PASSWORD",
        "%s",
        "%(pw)s",
        "#{pw}",
        "null",
        "\u{2022}\u{2022}",
        "\u{2026}",
    ] {
        assert!(is_placeholder(text.as_bytes()), "{text}");
    }
    for text in [
        "x",
        "xx",
        "hunter2",
        "[hunter2]",
        "$ecret",
        "<a&b>",
        "*a*",
        "$",
        "password",
        "%x",
        "\u{2022}a",
    ] {
        assert!(!is_placeholder(text.as_bytes()), "{text}");
    }
}
