//! Clean text passes the filter without an allocation and comes back as it was; so do the first text of a thread and a
//! long one.

use std::borrow::Cow;

use wait_or_die::redact::{self, Filter};
use wait_or_die_tests::allocations::{Counting, allocations};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Texts without a secret, many of which look a little like one.
const CLEAN: &[&str] = &[
    "",
    "connection refused",
    "User anna authenticated from 10.0.0.7 after 2 attempts, with the role of a reader",
    "level=warn event=retrying attempt=3 wait_ms=412.25 order_id=4711 token_type=Bearer keyboard=qwertz",
    r#"{"level":"INFO","path":"/orders/17","status":200,"public_key":"kept","passed":true,"author":"anna"}"#,
    "GET https://api.example.com/v2/pages/17?page=2&limit=50&sort=created_at 200 in 17.2 ms",
    "2026-11-21T15:20:14.123456Z  INFO request{method=GET path=/orders}: served status=200 bytes=17",
    "trace 79b97857631842b72125a7a71dbbf92e, commit da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "order 550e8400-e29b-41d4-a716-446655440000 for 1,299.00 EUR at 10:30:00",
    "\tat com.example.TokenizerFactory$Builder.build(TokenizerFactory.java:17)",
    "mail to anna@example.com, see user@host:/srv/pages and C:\\Users\\anna\\pages",
    "Gr\u{fc}\u{df}e, \u{65e5}\u{672c}\u{8a9e}, \u{1f511}: a:b = c",
];

#[test]
fn clean_text_is_given_back_and_nothing_is_allocated() {
    for text in CLEAN {
        let (count, out) = allocations(|| Filter::new().filter(text));
        assert!(
            matches!(out, Cow::Borrowed(same) if same.as_ptr() == text.as_ptr()),
            "{out}"
        );
        assert_eq!(out, *text);
        assert_eq!(count, 0, "{text}");
        let (count, out) = allocations(|| redact::filter(text));
        assert_eq!((count, &*out), (0, *text));
    }
}

#[test]
fn a_long_clean_text_allocates_nothing_either() {
    let text = format!("{}\n", CLEAN.join("\n")).repeat(1000);
    let (count, out) = allocations(|| redact::filter(&text));
    assert_eq!((count, out.len()), (0, text.len()));
}

#[test]
fn a_secret_allocates_so_that_the_count_can_be_other_than_zero() {
    let (count, out) = allocations(|| redact::filter("password=hunter2secret"));
    assert_eq!(out, "password=[REDACTED]");
    assert!(count > 0);
}
