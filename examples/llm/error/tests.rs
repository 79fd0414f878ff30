use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use wait_or_die::Verdict::{self, Permanent, Throttled, Transient};
use wait_or_die::{Bound, Classify as _};

use super::CallError;

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let pairs = pairs.iter().map(|(name, value)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    });
    pairs.collect()
}

fn answered(status: u16, pairs: &[(&'static str, &'static str)], body: &str) -> CallError {
    let status = StatusCode::from_u16(status).unwrap();
    CallError::answered(status, &headers(pairs), body.as_bytes())
}

/// Verdict, text, whether it is certain that it cost nothing.
fn seen(error: &CallError) -> (Verdict, String, bool) {
    (error.classify(), error.to_string(), error.is_free())
}

const SECONDS: fn(u64) -> Verdict = |seconds| Throttled(Some(Duration::from_secs(seconds)));

#[test]
fn errors_of_anthropic() {
    let body = |kind: &str| {
        format!(
            r#"{{"type":"error","error":{{"type":"{kind}","message":"m"}},"request_id":"req_1"}}"#
        )
    };
    for (status, kind, verdict, name, is_free) in [
        (400, "invalid_request_error", Permanent, "Bad Request", true),
        (401, "authentication_error", Permanent, "Unauthorized", true),
        (402, "billing_error", Permanent, "Payment Required", true),
        (
            413,
            "request_too_large",
            Permanent,
            "Payload Too Large",
            true,
        ),
        (
            429,
            "rate_limit_error",
            Throttled(None),
            "Too Many Requests",
            true,
        ),
        (500, "api_error", Transient, "Internal Server Error", false),
        (504, "timeout_error", Transient, "Gateway Timeout", false),
    ] {
        let error = answered(status, &[], &body(kind));
        let text = format!("{status} {name}, {kind}");
        assert_eq!(seen(&error), (verdict, text, is_free));
    }
    // A status without a name, and a code that is not known.
    for (kind, text) in [
        ("overloaded_error", "529, overloaded_error"),
        ("unheard_of", "529"),
    ] {
        let error = answered(529, &[], &body(kind));
        assert_eq!(seen(&error), (Throttled(None), text.to_owned(), true));
    }
    let told = [
        ("retry-after", "17"),
        ("request-id", "req_018EeWyXxfu5pfWkrYcMdjWG"),
    ];
    let error = answered(429, &told, &body("rate_limit_error"));
    let text = "429 Too Many Requests, rate_limit_error, req_018EeWyXxfu5pfWkrYcMdjWG";
    assert_eq!(seen(&error), (SECONDS(17), text.to_owned(), true));
}

#[test]
fn a_quota_that_does_not_come_back_is_permanent_although_it_is_a_429() {
    let anthropic = |code: &str| {
        format!(
            r#"{{"error":{{"type":"rate_limit_error","message":"m","details":{{"error_code":"{code}"}}}}}}"#
        )
    };
    let openai = |kind: &str, code: &str| {
        format!(r#"{{"error":{{"message":"m","type":"{kind}","param":null,"code":{code}}}}}"#)
    };
    let gemini = r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[
        {"@type":"t/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel"}]},
        {"@type":"t/google.rpc.RetryInfo","retryDelay":"22s"}]}}"#;
    for (body, code) in [
        (
            anthropic("enforced_spend_limit_reached"),
            "enforced_spend_limit_reached",
        ),
        (
            anthropic("credit_balance_exhausted"),
            "credit_balance_exhausted",
        ),
        (
            anthropic("organization_usage_limit_exceeded"),
            "organization_usage_limit_exceeded",
        ),
        (
            anthropic("workspace_spend_limit_exceeded"),
            "workspace_spend_limit_exceeded",
        ),
        (
            anthropic("member_spend_limit_exceeded"),
            "other_spend_limit_exceeded",
        ),
        (
            openai("insufficient_quota", r#""insufficient_quota""#),
            "insufficient_quota",
        ),
        (openai("insufficient_quota", "null"), "insufficient_quota"),
        (gemini.to_owned(), "daily_quota_exceeded"),
    ] {
        // The delay would be obeyed otherwise.
        let error = answered(429, &[("retry-after", "1")], &body);
        let text = format!("429 Too Many Requests, {code}");
        assert_eq!(seen(&error), (Permanent, text, true));
    }
    let minute = gemini.replace("PerDay", "PerMinute");
    assert_eq!(answered(429, &[], &minute).classify(), SECONDS(22));
    let limit = openai("requests", r#""rate_limit_exceeded""#);
    assert_eq!(answered(429, &[], &limit).classify(), Throttled(None));
}

#[test]
fn geminis_delay_in_the_body_counts_where_no_header_has_one() {
    let body = |delay: &str| {
        format!(
            r#"{{"error":{{"code":503,"status":"UNAVAILABLE","details":[{{"retryDelay":{delay}}}]}}}}"#
        )
    };
    assert_eq!(answered(503, &[], &body(r#""7s""#)).classify(), SECONDS(7));
    let millis = Throttled(Some(Duration::from_millis(8500)));
    assert_eq!(answered(503, &[], &body(r#""8.5s""#)).classify(), millis);
    let header = answered(503, &[("retry-after", "3")], &body(r#""7s""#));
    assert_eq!(header.classify(), SECONDS(3));
    for absurd in [
        r#""-7s""#,
        r#""7""#,
        r#""infs""#,
        r#""NaNs""#,
        r#""0s""#,
        "7",
        "null",
    ] {
        assert_eq!(
            answered(503, &[], &body(absurd)).classify(),
            Transient,
            "{absurd}"
        );
    }
    // As the runtime takes those in headers: beyond any deadline.
    for years in ["1e300s", "99999999999999999999s", "31536001s"] {
        let error = answered(503, &[], &body(&format!("\"{years}\"")));
        assert_eq!(error.classify(), SECONDS(365 * 86_400), "{years}");
    }
    // An array, as a stream that never began answers.
    let array = format!("[{}]", body(r#""7s""#));
    assert_eq!(answered(503, &[], &array).classify(), SECONDS(7));
}

#[test]
fn bodies_that_say_nothing_leave_the_status() {
    for body in [
        "",
        "<html>502</html>",
        "[]",
        "{}",
        "null",
        "7",
        r#"{"error":"text"}"#,
        r#"{"error":{"code":{}}}"#,
    ] {
        let error = answered(502, &[], body);
        assert_eq!(
            seen(&error),
            (Transient, "502 Bad Gateway".to_owned(), false),
            "{body}"
        );
    }
    assert_eq!(answered(307, &[], "").classify(), Permanent);
}

#[test]
fn no_word_of_a_service_is_passed_on() {
    let secret = "kolibri";
    let body = format!(
        r#"{{"error":{{"type":"{secret}","code":"{secret}","status":"{secret}","message":"{secret}",
            "details":{{"error_code":"{secret}"}}}}}}"#
    );
    for id in [
        ("request-id", "kolibri"),
        ("x-request-id", "req_kolibri was here"),
    ] {
        let error = answered(400, &[id], &body);
        assert_eq!(error.to_string(), "400 Bad Request");
        assert!(!format!("{error:?}").contains(secret));
    }
}

#[test]
fn what_a_call_gave_up_is_not_tried_again() {
    let scope = wait_or_die::testing::scope(1);
    let breaker =
        wait_or_die::Breaker::register("gone", wait_or_die::BreakerPolicy::DEFAULT).unwrap();
    breaker.force_open();
    let error = CallError::from(breaker.acquire().unwrap_err());
    assert_eq!(error.classify(), Verdict::Ignore);
    assert!(matches!(&error, CallError::Died(error) if error.bound() != Some(Bound::Timeout)));
    drop(scope);
}
