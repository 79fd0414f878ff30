use std::borrow::Cow;

use super::Filter;
use crate::redact::FilterError;

/// What a filter shows, the first time and the second.
#[track_caller]
fn shown(filter: &Filter, text: &str) -> String {
    let shown = filter.filter(text).into_owned();
    assert_eq!(filter.filter(&shown), shown, "{text:?} a second time");
    shown
}

#[test]
fn what_is_clean_is_not_copied() {
    static FILTER: Filter = Filter::new();
    for text in ["", "a", "user=anna port=5432", "密", "password=[REDACTED]"] {
        assert!(matches!(FILTER.filter(text), Cow::Borrowed(same) if same == text));
    }
    assert!(matches!(FILTER.filter("password=a1"), Cow::Owned(_)));
}

#[test]
fn keys_of_ones_own() {
    static FILTER: Filter = Filter::new().keys(&["tenant_ref", "kontonr"]);
    for (text, wanted) in [
        ("tenant_ref=ab", "tenant_ref=[REDACTED]"),
        ("TENANT-REF: ab", "TENANT-REF: [REDACTED]"),
        (
            "{\"oldTenantRef\":\"ab\"}",
            "{\"oldTenantRef\":\"[REDACTED]\"}",
        ),
        ("tenantref=ab", "tenantref=[REDACTED]"),
        ("kontonr=12", "kontonr=[REDACTED]"),
        ("tenant_reference=ab", "tenant_reference=ab"),
        ("subtenant_ref=ab", "subtenant_ref=ab"),
        ("password=ab", "password=[REDACTED]"),
    ] {
        assert_eq!(shown(&FILTER, text), wanted);
    }
    let last = FILTER.clone().keys(&["other"]);
    assert_eq!(
        shown(&last, "tenant_ref=ab other=cd"),
        "tenant_ref=ab other=[REDACTED]"
    );
}

#[test]
fn keys_of_ones_own_may_have_signs_and_numbers() {
    static FILTER: Filter = Filter::new().keys(&["vault2024", "route53", "id9", "x-y", "k_密"]);
    for text in [
        "vault2024=ab",
        "route53: ab",
        "id9=ab",
        "x_y=ab",
        "x-y=ab",
        "x.y: ab",
        "k_密=ab",
    ] {
        let at = text.rfind("ab").unwrap();
        assert_eq!(shown(&FILTER, text), format!("{}[REDACTED]", &text[..at]));
    }
    assert_eq!(shown(&FILTER, "route5=ab"), "route5=ab");
}

#[test]
fn allowed_tokens_stay_whatever_sign_they_have() {
    static FILTER: Filter = Filter::new().allow(&[
        "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
        "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1",
    ]);
    for text in [
        "is $2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy it",
        "is 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1 it",
    ] {
        assert_eq!(shown(&FILTER, text), text);
        assert_ne!(shown(&Filter::new(), text), text);
    }
}

#[test]
fn allowed_keys_win_over_all_names() {
    static FILTER: Filter = Filter::new()
        .keys(&["tenant_ref"])
        .allow_keys(&["session_id", "tenant_ref"]);
    for text in [
        "session_id=ab12",
        "oldSessionId: ab12",
        "{\"SESSION-ID\":\"ab12\"}",
        "tenant_ref=ab",
    ] {
        assert_eq!(shown(&FILTER, text), text);
    }
    assert_eq!(shown(&FILTER, "php_sess_id=ab12"), "php_sess_id=[REDACTED]");
    // A token is one under any name.
    let token = format!("glpat{}", "-4fK29sLq01Bd7xWz0aBc");
    assert_eq!(
        shown(&FILTER, &format!("session_id={token}")),
        "session_id=[REDACTED]"
    );
}

#[test]
fn prefixes_of_ones_own() {
    static FILTER: Filter = Filter::new().prefixes(&["acme_", "x-k-"]);
    for (text, wanted) in [
        ("sent acme_4fK29sLq01 on", "sent [REDACTED] on"),
        ("\"x-k-4fK29sLq01\"", "\"[REDACTED]\""),
        ("acme_4fK29", "acme_4fK29"),
        ("ACME_4fK29sLq01", "ACME_4fK29sLq01"),
        ("notacme_4fK29sLq01", "notacme_4fK29sLq01"),
    ] {
        assert_eq!(shown(&FILTER, text), wanted);
    }
}

#[test]
fn allowed_texts_win_over_forms_and_not_over_names() {
    static FILTER: Filter = Filter::new().allow(&["4111111111111111"]);
    assert_eq!(
        shown(&FILTER, "paid with 4111111111111111"),
        "paid with 4111111111111111"
    );
    assert_eq!(
        shown(&FILTER, "paid with 5500005555555559"),
        "paid with [REDACTED]"
    );
    assert_eq!(
        shown(&FILTER, "password=4111111111111111"),
        "password=[REDACTED]"
    );
    assert_eq!(
        shown(&FILTER, "card_number=4111111111111111"),
        "card_number=[REDACTED]"
    );
}

#[test]
fn the_last_four_digits_of_cards_and_accounts() {
    static FILTER: Filter = Filter::new().show_last_four();
    for (text, wanted) in [
        ("paid with 4111111111111111", "paid with [REDACTED]1111"),
        (
            "paid with 4111 1111 1111 1111 by",
            "paid with [REDACTED]1111 by",
        ),
        ("to DE89370400440532013000", "to [REDACTED]3000"),
        ("card_number=4111111111111111", "card_number=[REDACTED]1111"),
        (
            "{\"iban\":\"DE89370400440532013000\"}",
            "{\"iban\":\"[REDACTED]3000\"}",
        ),
        ("[\"a\",4111111111111111]", "[\"a\",\"[REDACTED]1111\"]"),
        // Of others, and of short ones, nothing.
        ("ssn=123-45-6789", "ssn=[REDACTED]"),
        ("account_number=471108", "account_number=[REDACTED]"),
        ("password=4111111111111111", "password=[REDACTED]"),
    ] {
        assert_eq!(shown(&FILTER, text), wanted);
    }
    assert_eq!(
        shown(&Filter::new(), "card_number=4111111111111111"),
        "card_number=[REDACTED]"
    );
}

#[test]
fn known_secrets_in_every_form() {
    let filter = Filter::new()
        .values(["hunter/2\"x"])
        .and_then(|filter| filter.values(["correct horse"]))
        .unwrap();
    for (text, wanted) in [
        ("it was hunter/2\"x.", "it was [REDACTED]."),
        ("withinhunter/2\"xawordtoo", "within[REDACTED]awordtoo"),
        ("{\"a\":\"hunter/2\\\"x\"}", "{\"a\":\"[REDACTED]\"}"),
        ("a=hunter%2F2%22x&b", "a=[REDACTED]&b"),
        ("a=hunter%2f2%22x&b", "a=[REDACTED]&b"),
        ("68756e7465722f322278", "[REDACTED]"),
        ("68756E7465722F322278", "[REDACTED]"),
        ("the correct horse.", "the [REDACTED]."),
        ("hunter/2", "hunter/2"),
    ] {
        assert_eq!(shown(&filter, text), wanted);
    }
    // `anna:hunter/2"x` in base64: what of it is the secret's is hidden, but for the signs it shares with its neighbours.
    assert_eq!(
        shown(&filter, "YW5uYTpodW50ZXIvMiJ4 x"),
        "YW5uYTp[REDACTED] x"
    );
}

#[test]
fn of_a_known_secret_nothing_is_left_where_another_value_ends_in_it() {
    let filter = Filter::new()
        .values(["correct horse", "horse battery", "tr0ub&x=1dor"])
        .unwrap();
    for (text, wanted) in [
        ("password=(correct horse)", "password=[REDACTED])"),
        (
            "Passwort: \u{201e}correct horse\u{201c}",
            "Passwort: [REDACTED]",
        ),
        ("?token=v1.tr0ub&x=1dor", "?token=[REDACTED]"),
        ("a correct horse battery", "a [REDACTED]"),
        ("password=correct horse battery x", "password=[REDACTED] x"),
    ] {
        assert_eq!(shown(&filter, text), wanted);
    }
}

#[test]
fn known_secrets_as_forms_and_encoders_of_json_write_them() {
    let filter = Filter::new()
        .values([
            "correct horse~",
            "a&b<c>/d",
            "schl\u{fc}ssel\u{1f511}",
            "x\u{8}y\u{c}z/7",
        ])
        .unwrap();
    for text in [
        "correct+horse%7E",
        "correct+horse%7e",
        "correct+horse~",
        "a%26b%3Cc%3E/d",
        r"a\u0026b\u003cc\u003e/d",
        r"a\u0026b\u003Cc\u003E/d",
        r"a&b<c>\/d",
        r"schl\u00fcssel\ud83d\udd11",
        r"schl\u00FCssel\uD83D\uDD11",
        r"x\by\fz/7",
        r"x\by\fz\/7",
        r"x\u0008y\u000cz/7",
    ] {
        assert_eq!(
            shown(&filter, &format!("GET /?q={text} x")),
            "GET /?q=[REDACTED] x"
        );
    }
}

#[test]
fn known_secrets_that_are_too_short_are_refused() {
    let error = Filter::new().values(["long enough", "short"]).unwrap_err();
    assert_eq!(error, FilterError::TooShort { index: 1 });
    assert!(!error.to_string().contains("long enough"));
}

#[test]
fn what_does_not_settle_is_not_shown() {
    // Settled texts stay what they are; see `what_is_hidden_twice_is_hidden_as_one` for those that need more than one time.
    let filter = Filter::new();
    assert_eq!(filter.settled("user=anna".to_owned()), "user=anna");
    assert_eq!(
        filter.settled("password=a1".to_owned()),
        "password=[REDACTED]"
    );
}

#[test]
fn debug_shows_no_known_secret() {
    let filter = Filter::new().values(["correct horse"]).unwrap();
    let told = format!("{filter:?}");
    assert!(
        told.starts_with("Filter {") && !told.contains("horse"),
        "{told}"
    );
}

#[cfg(feature = "regex")]
#[test]
fn rules_come_before_everything_else() {
    let filter = Filter::new().rule(r"EMP-(?<secret>\d{6})").unwrap();
    assert_eq!(
        shown(&filter, "EMP-004711 password=a1"),
        "EMP-[REDACTED] password=[REDACTED]"
    );
    assert!(matches!(
        Filter::new().rule("("),
        Err(FilterError::Rule { .. })
    ));
    assert!(matches!(
        Filter::new().rule("a*"),
        Err(FilterError::Rule { .. })
    ));
}

#[cfg(feature = "regex")]
#[test]
fn a_rule_that_matches_its_own_work_settles() {
    for (pattern, text, wanted) in [
        ("[A-Z]{3,}", "ABC def", "[REDACTED] def"),
        (r"\w+$", "ab cd", "ab [REDACTED]"),
        (r"\S+ \S+", "ab cd ef", "[REDACTED]"),
    ] {
        assert_eq!(shown(&Filter::new().rule(pattern).unwrap(), text), wanted);
    }
}
