use core::time::Duration;

use ::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use proptest::prelude::*;

use super::Exchange;
use crate::Verdict::{self, Fault, Permanent, Throttled, Transient};
use crate::classify::Classify;

fn get() -> Exchange {
    Exchange::new(&Method::GET)
}

fn post() -> Exchange {
    Exchange::new(&Method::POST)
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap()
}

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(*name, HeaderValue::from_static(value));
    }
    headers
}

fn bare(exchange: Exchange, code: u16) -> Verdict {
    exchange.response(status(code), &HeaderMap::new())
}

const SECOND: Option<Duration> = Some(Duration::from_secs(1));

#[test]
fn every_status_has_its_verdict() {
    for code in 100..=999 {
        let (repeatable, not) = match code {
            425 | 429 | 529 => (Throttled(None), Throttled(None)),
            507 | 511 => (Fault, Fault),
            501 | 505 | 506 | 508 | 510 => (Permanent, Permanent),
            408 | 500.. => (Transient, Fault),
            _ => (Permanent, Permanent),
        };
        assert_eq!(bare(get(), code), repeatable, "GET {code}");
        assert_eq!(bare(post(), code), not, "POST {code}");
        assert_eq!(status(code).classify(), repeatable, "{code} alone");
    }
}

#[test]
fn the_statuses_of_the_services_are_what_they_say() {
    for code in [408, 500, 502, 503, 504, 520, 524] {
        assert_eq!(bare(get(), code), Transient, "{code}");
    }
    for code in [
        101, 200, 204, 301, 302, 304, 307, 308, 400, 401, 403, 404, 409, 422,
    ] {
        assert_eq!(bare(get(), code), Permanent, "{code}");
    }
}

#[test]
fn methods_are_idempotent_or_not() {
    for method in [
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::TRACE,
        Method::PUT,
        Method::DELETE,
    ] {
        assert_eq!(Exchange::new(&method), Exchange::idempotent(), "{method}");
        assert_eq!(Exchange::from(&method), Exchange::idempotent(), "{method}");
    }
    let unknown = Method::from_bytes(b"PURGE").unwrap();
    for method in [Method::POST, Method::PATCH, Method::CONNECT, unknown] {
        let exchange = Exchange::new(&method);
        assert_ne!(exchange, Exchange::idempotent(), "{method}");
        assert_eq!(exchange.with_idempotency_key(), Exchange::idempotent());
    }
}

#[test]
fn a_key_in_the_headers_counts_if_there_is_one() {
    let of = |key: Option<&'static str>| {
        let mut request = Request::post("/pages");
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let request = request.body(()).unwrap();
        let exchange = Exchange::from(&request);
        assert_eq!(Exchange::from(&request.into_parts().0), exchange);
        exchange
    };
    assert_eq!(of(Some("\"8e03978e\"")), Exchange::idempotent());
    assert_eq!(of(Some(" ")), post());
    assert_eq!(of(Some("")), post());
    assert_eq!(of(None), post());
}

#[test]
fn a_delay_makes_what_is_retried_throttled_and_nothing_else() {
    let after = headers(&[("retry-after", "1")]);
    for code in [408, 425, 429, 500, 502, 503, 504, 529] {
        let verdict = get().response(status(code), &after);
        assert_eq!(verdict, Throttled(SECOND), "GET {code}");
    }
    for code in [425, 429, 529] {
        let verdict = post().response(status(code), &after);
        assert_eq!(verdict, Throttled(SECOND), "POST {code}");
    }
    for code in [408, 500, 502, 503, 504] {
        assert_eq!(post().response(status(code), &after), Fault, "POST {code}");
    }
    for code in [301, 400, 404, 409, 501] {
        assert_eq!(get().response(status(code), &after), Permanent, "{code}");
    }
    assert_eq!(get().response(status(507), &after), Fault);
}

#[test]
fn should_retry_wins_over_the_status() {
    let yes = headers(&[("x-should-retry", "true")]);
    let no = headers(&[("x-should-retry", "false")]);
    for (code, wanted, unwanted) in [
        (200, Throttled(None), Permanent),
        (400, Throttled(None), Permanent),
        (408, Transient, Fault),
        (409, Throttled(None), Permanent),
        (429, Throttled(None), Permanent),
        (500, Transient, Fault),
        (501, Throttled(None), Permanent),
        (503, Transient, Fault),
        (507, Transient, Fault),
        (529, Throttled(None), Fault),
    ] {
        for exchange in [get(), post()] {
            assert_eq!(exchange.response(status(code), &yes), wanted, "{code}");
            assert_eq!(exchange.response(status(code), &no), unwanted, "{code}");
        }
    }
}

#[test]
fn should_retry_with_a_delay_waits_for_it() {
    let yes = headers(&[("x-should-retry", "true"), ("retry-after", "1")]);
    for code in [200, 409, 429, 500] {
        let verdict = post().response(status(code), &yes);
        assert_eq!(verdict, Throttled(SECOND), "{code}");
    }
    let no = headers(&[("x-should-retry", "false"), ("retry-after", "1")]);
    assert_eq!(get().response(status(429), &no), Permanent);
    assert_eq!(get().response(status(503), &no), Fault);
}

#[test]
fn should_retry_is_read_without_case_and_no_wins() {
    let verdict = |values: &[&'static str]| {
        let pairs: Vec<_> = values
            .iter()
            .map(|value| ("x-should-retry", *value))
            .collect();
        post().response(status(500), &headers(&pairs))
    };
    assert_eq!(verdict(&[" True "]), Transient);
    assert_eq!(verdict(&["true", "false"]), Fault);
    assert_eq!(verdict(&["false", "true"]), Fault);
    for garbage in ["", "yes", "1", "true, true"] {
        assert_eq!(verdict(&[garbage]), Fault, "as without the header");
        assert_eq!(verdict(&[garbage, "true"]), Transient);
    }
}

#[test]
fn a_quota_that_is_gone_is_permanent_whatever_else_is_said() {
    let eager = headers(&[("x-should-retry", "true"), ("retry-after", "1")]);
    for code in [
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_usage_limit_exceeded",
        "enforced_spend_limit_reached",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
    ] {
        for answer in [400, 403, 429, 500, 529] {
            for exchange in [get(), post()] {
                let verdict = exchange.response_with_code(status(answer), &eager, code);
                assert_eq!(verdict, Permanent, "{answer} {code}");
            }
        }
    }
}

#[test]
fn another_code_leaves_it_to_the_response() {
    for code in [
        "",
        "rate_limit_exceeded",
        "overloaded_error",
        "insufficient_quota_soon",
        "spend_limit_exceeded_twice",
        "Insufficient_Quota",
    ] {
        for answer in [200, 404, 429, 500, 529] {
            for exchange in [get(), post()] {
                let verdict = exchange.response_with_code(status(answer), &HeaderMap::new(), code);
                assert_eq!(verdict, bare(exchange, answer), "{answer} {code}");
            }
        }
    }
}

#[test]
fn a_key_that_is_in_use_is_asked_for_again() {
    let exchange = post().with_idempotency_key();
    let verdict = |headers: &HeaderMap| {
        exchange.response_with_code(status(409), headers, "idempotency_key_in_use")
    };
    assert_eq!(verdict(&HeaderMap::new()), Throttled(None));
    assert_eq!(
        verdict(&headers(&[("retry-after", "1")])),
        Throttled(SECOND)
    );
    assert_eq!(bare(exchange, 409), Permanent);
}

#[test]
fn a_response_is_judged_with_its_headers() {
    let response = Response::builder().status(503);
    let response = response.header("retry-after", "1").body("busy").unwrap();
    assert_eq!(response.classify(), Throttled(SECOND));
}

#[test]
fn a_verdict_is_its_own() {
    for verdict in [Transient, Throttled(SECOND), Permanent, Fault] {
        assert_eq!(verdict.classify(), verdict);
    }
}

fn any_headers() -> impl Strategy<Value = HeaderMap> {
    let name = prop::sample::select(vec!["x-should-retry", "retry-after", "retry-after-ms"]);
    let value = prop_oneof![
        "true|false|TRUE",
        "[0-9]{1,25}(\\.[0-9]{1,3})?",
        "\\PC{0,30}"
    ];
    prop::collection::vec((name, value), 0..5).prop_map(|pairs| {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
                headers.append(name, value);
            }
        }
        headers
    })
}

fn retried(verdict: Verdict) -> bool {
    matches!(verdict, Transient | Throttled(_))
}

proptest! {
    #[test]
    fn what_may_not_be_repeated_is_so_only_at_the_servers_word(
        code in 100_u16..=999,
        headers in any_headers(),
    ) {
        let verdict = post().response(status(code), &headers);
        let word = headers.get_all("x-should-retry");
        let asked = word.iter().any(|value| value.as_bytes().eq_ignore_ascii_case(b"true"));
        prop_assert!(!retried(verdict) || asked || matches!(code, 425 | 429 | 529));
    }

    #[test]
    fn what_is_retried_for_a_post_is_retried_for_a_get(
        code in 100_u16..=999,
        headers in any_headers(),
    ) {
        let (get, post) = (get().response(status(code), &headers), post().response(status(code), &headers));
        prop_assert!(get == post || (get, post) == (Transient, Fault) || (matches!(get, Throttled(Some(_))) && post == Fault));
    }
}
