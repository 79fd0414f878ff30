use std::time::Duration;

use axum::body::Bytes;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Uri};

use super::Received;

#[test]
fn what_is_printed_has_no_credentials_and_no_body() {
    let mut headers = HeaderMap::new();
    headers.insert(
        AUTHORIZATION,
        HeaderValue::from_static("Bearer ntn_1234567890abcdef"),
    );
    headers.insert(
        HeaderName::from_static("x-api-key"),
        HeaderValue::from_static("sk-ant-0123456789"),
    );
    let received = Received {
        method: Method::POST,
        uri: Uri::from_static("/v1/models:generateContent?key=AIzaSy0123456789"),
        headers,
        body: Bytes::from_static(b"a prompt"),
        at: Duration::from_secs(1),
        met: None,
        reached_application: true,
    };
    let shown = format!("{received:?}");
    for secret in ["ntn_", "sk-ant", "AIza", "prompt"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(
        shown.contains("/v1/models:generateContent") && shown.contains("8 bytes"),
        "{shown}"
    );
}
