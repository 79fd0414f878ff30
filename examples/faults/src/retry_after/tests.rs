use std::time::{Duration, SystemTime};

use http::header::HeaderMap;

use super::{LAST_DATE, RetryAfter, imf_fixdate};

/// The date of the examples in RFC 9110, section 5.6.7.
const EXAMPLE: Duration = Duration::from_secs(784_111_777);

fn written(form: &RetryAfter, date: SystemTime) -> Vec<(String, String)> {
    let mut headers = HeaderMap::new();
    form.write(&mut headers, date);
    let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect()
}

#[test]
fn each_form_is_written_as_the_rfc_has_it() {
    let date = SystemTime::UNIX_EPOCH + EXAMPLE - Duration::from_secs(60);
    let minute = Duration::from_millis(60_900);
    let cases = [
        (RetryAfter::Seconds(120), "retry-after", "120"),
        (RetryAfter::Millis(1500), "retry-after-ms", "1500"),
        (
            RetryAfter::ImfFixdate(minute),
            "retry-after",
            "Sun, 06 Nov 1994 08:49:37 GMT",
        ),
        (
            RetryAfter::Rfc850(minute),
            "retry-after",
            "Sunday, 06-Nov-94 08:49:37 GMT",
        ),
        (
            RetryAfter::Asctime(minute),
            "retry-after",
            "Sun Nov  6 08:49:37 1994",
        ),
    ];
    for (form, name, value) in cases {
        assert_eq!(written(&form, date), [(name.to_owned(), value.to_owned())]);
    }
}

#[test]
fn all_three_dates_read_back_as_the_same_moment() {
    let date = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    for days in [0, 1, 9, 30, 400, 3650] {
        let after = Duration::from_secs(days * 86_400 + 61);
        let forms = [
            RetryAfter::ImfFixdate(after),
            RetryAfter::Rfc850(after),
            RetryAfter::Asctime(after),
        ];
        for form in forms {
            let text = written(&form, date).remove(0).1;
            assert_eq!(
                httpdate::parse_http_date(&text).unwrap(),
                date + after,
                "{text}"
            );
        }
    }
}

#[test]
fn dates_stay_within_what_the_form_can_write() {
    let date = SystemTime::UNIX_EPOCH + Duration::from_secs(LAST_DATE);
    assert_eq!(
        imf_fixdate(date, Duration::MAX),
        "Fri, 31 Dec 9999 23:59:59 GMT"
    );
    let before = SystemTime::UNIX_EPOCH - Duration::from_secs(5);
    assert_eq!(
        imf_fixdate(before, Duration::ZERO),
        "Thu, 01 Jan 1970 00:00:00 GMT"
    );
}

#[test]
fn absurd_texts_are_sent_as_they_are() {
    let sent: Vec<String> = RetryAfter::absurd()
        .map(|form| written(&form, SystemTime::UNIX_EPOCH).remove(0).1)
        .collect();
    assert_eq!(sent, RetryAfter::ABSURD);
}
