//! Which headers are shown, and what of a URL.

use ::http::Uri;
use ::http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, SET_COOKIE};

use super::names::is_secret;
use super::{headers, mark_sensitive, url};

fn of(name: &'static str, value: &'static str) -> String {
    let mut map = HeaderMap::new();
    map.insert(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    );
    headers(&map).to_string()
}

#[test]
fn ordinary_headers_are_shown() {
    assert_eq!(headers(&HeaderMap::new()).to_string(), "{}");
    assert_eq!(of("content-type", "text/html"), "{content-type: text/html}");
    assert_eq!(of("x-request-id", "4711"), "{x-request-id: 4711}");
    assert_eq!(
        of("idempotency-key", "order-4711"),
        "{idempotency-key: order-4711}"
    );
}

#[test]
fn values_go_through_the_filter() {
    assert_eq!(
        of("referer", "/in?password=hunter2secret&page=2"),
        "{referer: /in?password=[REDACTED]&page=2}"
    );
}

#[test]
fn names_that_carry_secrets() {
    for name in [
        "authorization",
        "proxy-authorization",
        "x-forwarded-authorization",
        "cookie",
        "set-cookie",
        "x-api-key",
        "apikey",
        "api_key",
        "ocp-apim-subscription-key",
        "x-amz-server-side-encryption-customer-key",
        "x-amz-server-side-encryption-customer-key-md5",
        "x-amz-security-token",
        "x-csrf-token",
        "private-token",
        "token",
        "cf-access-client-secret",
        "x-hub-signature",
        "x-hub-signature-256",
        "x-shopify-hmac-sha256",
        "x-goog-iap-jwt-assertion",
        "x-auth",
        "dpop",
        // Only by the filter of the process.
        "x-db-password",
        "password",
    ] {
        assert!(is_secret(name), "{name}");
        assert_eq!(of(name, "two words"), format!("{{{name}: [REDACTED]}}"));
    }
}

#[test]
fn names_that_carry_none() {
    for name in [
        "accept",
        "author",
        "content-length",
        "etag",
        "host",
        "idempotency-key",
        "keep-alive",
        "sec-websocket-key",
        "signature-input",
        "surrogate-key",
        "token-type",
        "traceparent",
        "user-agent",
        "www-authenticate",
        "x-authenticated-user",
        "x-key-id",
        "x-ratelimit-remaining-tokens",
        "x-request-id",
    ] {
        assert!(!is_secret(name), "{name}");
    }
}

#[test]
fn the_scheme_stays_where_it_is_a_known_one() {
    let shown = |value| of("authorization", value);
    for (value, expected) in [
        ("Bearer hunter2", "{authorization: Bearer [REDACTED]}"),
        ("basic aHVudGVyMg==", "{authorization: basic [REDACTED]}"),
        (
            "AWS4-HMAC-SHA256 Credential=AKID, Signature=beef",
            "{authorization: AWS4-HMAC-SHA256 [REDACTED]}",
        ),
        ("hunter2", "{authorization: [REDACTED]}"),
        ("hunter2 secret", "{authorization: [REDACTED]}"),
        ("Bearer", "{authorization: [REDACTED]}"),
        ("", "{authorization: [REDACTED]}"),
    ] {
        assert_eq!(shown(value), expected);
    }
    assert_eq!(
        of("proxy-authorization", "Digest username=\"svc\""),
        "{proxy-authorization: Digest [REDACTED]}"
    );
    // A header that has no scheme.
    assert_eq!(of("x-api-key", "Bearer hunter2"), "{x-api-key: [REDACTED]}");
}

#[test]
fn a_value_that_is_marked_is_not_shown() {
    let mut map = HeaderMap::new();
    let mut value = HeaderValue::from_static("Bearer hunter2");
    value.set_sensitive(true);
    map.insert("x-request-id", value.clone());
    map.insert(AUTHORIZATION, value);
    assert_eq!(
        headers(&map).to_string(),
        "{x-request-id: [REDACTED], authorization: [REDACTED]}"
    );
}

#[test]
fn each_value_of_a_name_is_shown_and_quoted_in_debug() {
    let mut map = HeaderMap::new();
    map.append("vary", HeaderValue::from_static("a \"b\""));
    map.append("vary", HeaderValue::from_static("c"));
    map.append(SET_COOKIE, HeaderValue::from_static("sid=hunter2"));
    assert_eq!(
        format!("{} {:?}", headers(&map), headers(&map)),
        r#"{vary: a "b", vary: c, set-cookie: [REDACTED]} {"vary": "a \"b\"", "vary": "c", "set-cookie": "[REDACTED]"}"#
    );
}

#[test]
fn bytes_that_are_no_text_are_not_shown() {
    let mut map = HeaderMap::new();
    map.insert("x-name", HeaderValue::from_bytes(b"M\xfcller").unwrap());
    map.insert(
        "x-city",
        HeaderValue::from_bytes("Köln".as_bytes()).unwrap(),
    );
    map.insert(
        AUTHORIZATION,
        HeaderValue::from_bytes(b"Bearer \xff").unwrap(),
    );
    assert_eq!(
        headers(&map).to_string(),
        "{x-name: (not UTF-8), x-city: Köln, authorization: [REDACTED]}"
    );
}

#[test]
fn marking_marks_those_and_no_others() {
    let mut map = HeaderMap::new();
    map.insert("host", HeaderValue::from_static("example.org"));
    map.append(SET_COOKIE, HeaderValue::from_static("a=1"));
    map.append(SET_COOKIE, HeaderValue::from_static("b=2"));
    map.insert("x-api-key", HeaderValue::from_static("hunter2"));
    mark_sensitive(&mut map);
    let marked: Vec<_> = map
        .iter()
        .map(|(name, value)| (name.as_str(), value.is_sensitive()))
        .collect();
    assert_eq!(
        marked,
        [
            ("host", false),
            ("set-cookie", true),
            ("set-cookie", true),
            ("x-api-key", true)
        ]
    );
    assert!(!format!("{map:?}").contains("hunter2"));
}

#[test]
fn userinfo_is_hidden() {
    for (given, shown) in [
        (
            "https://svc:hunter2@h/p?q=1#f",
            "https://[REDACTED]@h/p?q=1#f",
        ),
        ("https://hunter2@h", "https://[REDACTED]@h"),
        ("redis://:hunter2@h:6379/0", "redis://[REDACTED]@h:6379/0"),
        ("svc:hunter2@h:443", "[REDACTED]@h:443"),
        ("//svc:hunter2@h/", "//[REDACTED]@h/"),
        ("https://svc:hun@ter2@h/", "https://[REDACTED]@h/"),
        // Not escaped as they should be.
        ("https://svc:hun/ter2@h/", "https://[REDACTED]@h/"),
        ("https://svc:hun?ter2@h/", "https://[REDACTED]@h/"),
        ("https://svc:hun#ter2@h/", "https://[REDACTED]@h/"),
        ("https://svc:hun@te/r2@h/", "https://[REDACTED]@h/"),
        (
            "https://svc:hunter2@[::1]:80/",
            "https://[REDACTED]@[::1]:80/",
        ),
    ] {
        assert_eq!(url(given).as_str(), shown);
    }
}

#[test]
fn a_url_without_userinfo_stays_as_it_is() {
    for given in [
        "",
        "/",
        "@",
        "https://h/@user/post",
        "https://h:443/@user",
        "https://[::1]/@user",
        "https://[::1]:80/@user",
        "https://h/p?to=a@b.org",
        "https://h?to=a@b.org",
        "/@user/post?page=2",
        "https://h:/x@y",
    ] {
        let shown = if given == "@" { "[REDACTED]@" } else { given };
        assert_eq!(url(given).as_str(), shown, "{given}");
    }
}

#[test]
fn the_rest_of_a_url_goes_through_the_filter() {
    let uri: Uri = "https://svc:hunter2@example.org/in?password=hunter2secret&page=2"
        .parse()
        .unwrap();
    assert_eq!(
        url(&uri).as_str(),
        "https://[REDACTED]@example.org/in?password=[REDACTED]&page=2"
    );
    let cut = url(&format!("https://h/{}", "a".repeat(5000)));
    assert_eq!(cut.as_str().len(), 4096);
}
