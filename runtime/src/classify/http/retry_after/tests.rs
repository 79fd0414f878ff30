use core::time::Duration;

use ::http::{HeaderMap, HeaderValue};
use proptest::prelude::*;

use super::{FIFTY_YEARS, LONGEST, date, retry_after};

const NOVEMBER_1994: u64 = 784_111_777;
/// Wed, 21 Oct 2026 07:28:00 GMT.
const OCTOBER_2026: Duration = Duration::from_secs(1_792_567_680);

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(*name, HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn after(value: &str) -> Option<Duration> {
    retry_after(&headers(&[("retry-after", value)]))
}

fn after_ms(value: &str) -> Option<Duration> {
    retry_after(&headers(&[("retry-after-ms", value)]))
}

/// A date that is held against the response's own.
fn between(sent: &str, until: &str) -> Option<Duration> {
    retry_after(&headers(&[("date", sent), ("retry-after", until)]))
}

#[allow(clippy::unnecessary_wraps)] // what it is compared with is an option
const fn millis(millis: u64) -> Option<Duration> {
    Some(Duration::from_millis(millis))
}

#[test]
fn numbers_are_seconds_or_milliseconds() {
    for (value, seconds, milliseconds) in [
        ("1", 1000, 1),
        ("120", 120_000, 120),
        ("0120", 120_000, 120),
        (" 7\t", 7000, 7),
        ("1.5", 1500, 1),
        ("90.", 90_000, 90),
        ("31536000", 31_536_000_000, 31_536_000),
    ] {
        assert_eq!(after(value), millis(seconds), "{value:?}");
        let whole = after_ms(value).unwrap().as_millis();
        assert_eq!(whole, milliseconds, "{value:?}");
    }
    assert_eq!(after(".25"), millis(250));
    assert_eq!(after_ms("500.7"), Some(Duration::from_micros(500_700)));
}

#[test]
fn zero_asks_for_nothing() {
    for value in ["0", "00", "0.0", "0.", ".0", "0.0000000000001"] {
        assert_eq!(after(value), None, "{value:?}");
        assert_eq!(after_ms(value), None, "{value:?}");
    }
}

#[test]
fn what_cannot_be_read_asks_for_nothing() {
    for value in [
        "", " ", "-1", "-0", "+5", "1e3", "0x10", "1_000", "inf", "infinity", "NaN", "nan", ".",
        "1.2.3", "1,5", "5, 7", "5 s", "5s", "soon", "١٢", "1\u{a0}",
    ] {
        assert_eq!(after(value), None, "{value:?}");
        assert_eq!(after_ms(value), None, "{value:?}");
    }
    let mut headers = HeaderMap::new();
    headers.insert("retry-after", HeaderValue::from_bytes(b"\xff\xfe").unwrap());
    headers.insert("retry-after-ms", HeaderValue::from_bytes(b"5\x80").unwrap());
    assert_eq!(retry_after(&headers), None);
}

#[test]
fn years_are_cut_to_one() {
    for value in [
        "31536001".to_owned(),
        "1792567680".to_owned(), // a time stamp where a delay belongs
        u64::MAX.to_string(),
        "9".repeat(400),
        format!("{}.5", "9".repeat(30)),
    ] {
        assert_eq!(after(&value), Some(LONGEST), "{value}");
    }
    assert_eq!(after_ms(&"9".repeat(400)), Some(LONGEST));
    let sent = "Sun, 06 Nov 1994 08:49:37 GMT";
    assert_eq!(
        between(sent, "Fri, 31 Dec 9999 23:59:59 GMT"),
        Some(LONGEST)
    );
}

#[test]
fn milliseconds_win_unless_they_ask_for_nothing() {
    let both = |ms, seconds| {
        retry_after(&headers(&[
            ("retry-after", seconds),
            ("retry-after-ms", ms),
        ]))
    };
    assert_eq!(both("1500", "2"), millis(1500));
    assert_eq!(both("2500", "2"), millis(2500));
    for nothing in ["0", "-1", "soon"] {
        assert_eq!(both(nothing, "2"), millis(2000), "{nothing}");
    }
    assert_eq!(both("1500", "soon"), millis(1500));
}

#[test]
fn of_several_the_longest_is_met() {
    for values in [["5", "7", "soon"], ["7", "-9", "5"], ["0", "7", "1"]] {
        let pairs = values.map(|value| ("retry-after", value));
        assert_eq!(retry_after(&headers(&pairs)), millis(7000), "{values:?}");
    }
    let mixed = [
        ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("retry-after", "5"),
        ("retry-after", "Sun, 06 Nov 1994 08:49:46 GMT"),
    ];
    assert_eq!(retry_after(&headers(&mixed)), millis(9000));
}

#[test]
fn dates_are_read_in_all_three_forms() {
    let sent = "Sun, 06 Nov 1994 08:49:37 GMT";
    for until in [
        "Sun, 06 Nov 1994 08:51:07 GMT",
        "Sunday, 06-Nov-94 08:51:07 GMT",
        "Sun Nov  6 08:51:07 1994",
    ] {
        assert_eq!(between(sent, until), millis(90_000), "{until}");
        assert_eq!(between(until, until), None, "now is no delay: {until}");
        assert_eq!(between(until, sent), None, "it has passed: {until}");
        assert_eq!(
            date(until, OCTOBER_2026),
            Some(Duration::from_secs(NOVEMBER_1994 + 90)),
            "{until}"
        );
    }
}

#[test]
fn a_leap_second_is_one_after_the_second_before_it() {
    let sent = "Sat, 31 Dec 2016 23:59:00 GMT";
    for until in [
        "Sat, 31 Dec 2016 23:59:60 GMT",
        "Saturday, 31-Dec-16 23:59:60 GMT",
        "Sat Dec 31 23:59:60 2016",
    ] {
        assert_eq!(between(sent, until), millis(60_000), "{until}");
    }
    for none in [
        "Sat, 31 Dec 2016 22:59:60 GMT",
        "Sat, 31 Dec 2016 23:59:61 GMT",
        "Sun, 31 Dec 2016 23:59:60 GMT", // was a Saturday
        "23:59:60",
        "Sat, 31 Dec 2016 23:59:6023:59:60 GMT",
    ] {
        assert_eq!(between(sent, none), None, "{none}");
    }
}

#[test]
fn all_forms_of_the_responses_own_date_do() {
    let until = "Sun, 06 Nov 1994 08:51:07 GMT";
    for sent in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ] {
        assert_eq!(between(sent, until), millis(90_000), "{sent}");
    }
}

#[test]
fn what_is_no_date_is_none() {
    for value in [
        "Mon, 06 Nov 1994 08:49:37 GMT", // was a Sunday
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:37",
        "06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Wed, 31 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Wed, 31 Dec 1969 23:59:59 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Monday, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sunday, 6-Nov-94 08:49:37 GMT",
        "Sunday, -Nov-94 08:49:37 GMT",
        "Sunday, 06-Nov-é 08:49:37 GMT",
        "Sunday, --94 ",
        "1994-11-06T08:49:37Z",
    ] {
        assert_eq!(date(value, OCTOBER_2026), None, "{value}");
        let sent = "Sun, 06 Nov 1994 08:40:00 GMT";
        if value.is_ascii() {
            assert_eq!(between(sent, value), None, "{value}");
        }
    }
}

#[test]
fn two_digits_are_the_latest_year_within_half_a_century() {
    let year = |text: &str, now| date(text, now).map(|date| 1970 + date.as_secs() / 31_556_952);
    for (text, expected) in [
        ("Wednesday, 21-Oct-26 07:30:00 GMT", Some(2026)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", Some(1994)),
        ("Tuesday, 20-Oct-76 08:00:00 GMT", Some(2076)), // a day short of half a century
        ("Sunday, 24-Oct-76 08:00:00 GMT", Some(1976)),
        ("Saturday, 24-Oct-76 08:00:00 GMT", None), // days beyond, and so the past, whose day was another
        ("Friday, 21-Oct-77 07:30:00 GMT", Some(1977)),
        ("Saturday, 29-Feb-20 00:00:00 GMT", Some(2020)),
        ("Tuesday, 29-Feb-00 00:00:00 GMT", Some(2000)), // 2100 has no such day
        ("Thursday, 01-Jan-70 00:00:00 GMT", Some(1970)),
    ] {
        assert_eq!(year(text, OCTOBER_2026), expected, "{text}");
    }
    // In 2095 the next century begins within half of one.
    let in_2095 = Duration::from_secs(3_966_000_000);
    assert_eq!(year("Friday, 02-Oct-05 08:00:00 GMT", in_2095), Some(2105));
    assert_eq!(
        year("Sunday, 02-Oct-05 08:00:00 GMT", OCTOBER_2026),
        Some(2005)
    );
}

#[test]
fn a_response_without_a_usable_date_is_held_against_the_wall_clock() {
    for sent in [None, Some("yesterday")] {
        let mut map = headers(&[("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")]);
        if let Some(sent) = sent {
            map.insert("date", HeaderValue::from_static(sent));
        }
        assert_eq!(retry_after(&map), Some(LONGEST));
        map.insert(
            "retry-after",
            HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT"),
        );
        assert_eq!(retry_after(&map), None, "that has passed");
    }
}

#[cfg(all(feature = "test-util", not(loom)))]
#[test]
fn the_wall_clock_is_the_scopes() {
    let scope = crate::testing::scope(1);
    scope.set_wall_clock(std::time::UNIX_EPOCH + OCTOBER_2026);
    let until = "Wed, 21 Oct 2026 07:28:30 GMT";
    assert_eq!(after(until), millis(30_000));
    scope.advance(Duration::from_millis(12_500));
    assert_eq!(after(until), millis(17_500));
    scope.advance(Duration::from_millis(17_500));
    assert_eq!(after(until), None);
    // A server whose clock is a quarter of an hour behind.
    assert_eq!(
        between(
            "Wed, 21 Oct 2026 07:13:00 GMT",
            "Wed, 21 Oct 2026 07:13:20 GMT"
        ),
        millis(20_000)
    );
}

/// Of the machine's clock, or what is like one.
fn instant() -> impl Strategy<Value = u64> {
    0..253_402_300_800_u64
}

fn imf(seconds: u64) -> String {
    httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_secs(seconds))
}

proptest! {
    #[test]
    fn any_bytes_give_a_delay_within_the_bounds_or_none(
        values in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..40)), 0..4),
        sent in prop::option::of(prop::collection::vec(any::<u8>(), 0..40)),
    ) {
        let mut headers = HeaderMap::new();
        for (ms, value) in values {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                headers.append(if ms { "retry-after-ms" } else { "retry-after" }, value);
            }
        }
        if let Some(Ok(sent)) = sent.as_deref().map(HeaderValue::from_bytes) {
            headers.insert("date", sent);
        }
        if let Some(delay) = retry_after(&headers) {
            prop_assert!(!delay.is_zero() && delay <= LONGEST);
        }
    }

    #[test]
    fn what_looks_like_a_date_or_a_number_does_so_too(
        value in "(-|\\+)?[0-9]{0,30}(\\.[0-9]{0,30})?|[A-Z][a-z]{2,8},? ?[0-9 ]{1,2}[- ][A-Z][a-z]{2}[- ][0-9]{2,4} [0-9]{2}:[0-9]{2}:[0-9]{2} ?(GMT)?|(Mon|Tue|Sun) (Jan|Feb|Dec) [ 0-3][0-9] [0-2][0-9]:[0-6][0-9]:[0-6][0-9] [0-9]{4}",
        sent in instant(),
    ) {
        if let Some(delay) = between(&imf(sent), &value) {
            prop_assert!(!delay.is_zero() && delay <= LONGEST);
        }
        if let Some(date) = date(&value, Duration::from_secs(sent)) {
            prop_assert!(date.as_secs() < 253_402_300_800);
        }
    }

    #[test]
    fn a_delay_is_that_between_two_dates(sent in instant(), until in instant()) {
        let expected = until.checked_sub(sent).filter(|delay| *delay > 0);
        let expected = expected.map(|delay| Duration::from_secs(delay).min(LONGEST));
        prop_assert_eq!(between(&imf(sent), &imf(until)), expected);
    }

    #[test]
    fn whole_numbers_are_exact(seconds in 1..=31_536_000_u64) {
        prop_assert_eq!(after(&seconds.to_string()), Some(Duration::from_secs(seconds)));
        prop_assert_eq!(after_ms(&seconds.to_string()), Some(Duration::from_millis(seconds)));
    }

    #[test]
    fn two_digits_find_the_year_again(now in 4_000_000_000..20_000_000_000_u64, away in 0..1_577_836_800_u64, ahead: bool) {
        let at = if ahead { now + away } else { now - away };
        let full = imf(at);
        let weekday = [("Mon", "Monday"), ("Tue", "Tuesday"), ("Wed", "Wednesday"), ("Thu", "Thursday"),
            ("Fri", "Friday"), ("Sat", "Saturday"), ("Sun", "Sunday")]
            .into_iter().find_map(|(short, long)| full.starts_with(short).then_some(long)).unwrap();
        // `Sun, 06 Nov 1994 08:49:37 GMT`
        let text = format!("{weekday}, {}-{}-{} {}", &full[5..7], &full[8..11], &full[14..16], &full[17..]);
        prop_assert!(Duration::from_secs(away) < FIFTY_YEARS);
        prop_assert_eq!(date(&text, Duration::from_secs(now)), Some(Duration::from_secs(at)), "{}", text);
    }
}
