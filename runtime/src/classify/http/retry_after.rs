//! The delay that a server asks for.

#[cfg(test)]
mod tests;

use core::time::Duration;
use std::time::UNIX_EPOCH;

use ::http::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::clock;

const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");

/// The longest delay that is given back. A call with any sensible `timeout` ends at once on far less.
const LONGEST: Duration = Duration::from_secs(365 * 86_400);

/// They are inserted at the end of a day of UTC, and nowhere else.
const LEAP_SECOND: &str = "23:59:60";

/// Half a century of Gregorian years.
const FIFTY_YEARS: Duration = Duration::from_secs(50 * 31_556_952);

/// The delay that a response asks for: `retry-after-ms`, else `Retry-After`. More than zero, at most 365 days; `None` where
/// neither header asks for any, and then the waits of the policy are all there is.
///
/// A date counts from the response's own `Date`, so that neither clock need be right, and only without one from this
/// machine's wall clock. Inside a `testing::scope` that clock is the scope's.
///
/// | value | delay |
/// |---|---|
/// | `retry-after-ms: 1500`, `500.7` | milliseconds; wins over `Retry-After` |
/// | `Retry-After: 120`, `1.5` | seconds; the standard has no fractions, servers do |
/// | `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994` | until that date, in any of the three forms of RFC 9110, 5.6.7; two digits mean the latest year by which the date is no more than 50 years ahead; `23:59:60` is the leap second it is meant to be |
/// | zero, a date that has passed | none: it asks for no wait, and so must not shorten those of the policy |
/// | negative, `+5`, `1e3`, `inf`, a date with the wrong day of the week, two values in one (`5, 7`), no text | none: a value that cannot be read is passed over |
/// | more than 365 days, however written | 365 days: the call ends at once, rather than go on against what the server asked |
/// | several of one name | the longest that can be read, which meets them all |
///
/// ```
/// use std::time::Duration;
/// use http::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
/// use wait_or_die::classify::http::retry_after;
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(retry_after(&headers), None);
/// headers.insert(DATE, HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT"));
/// headers.insert(RETRY_AFTER, HeaderValue::from_static("Sun, 06 Nov 1994 08:51:07 GMT"));
/// assert_eq!(retry_after(&headers), Some(Duration::from_secs(90)));
/// ```
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    longest(headers, &RETRY_AFTER_MS, |text| seconds(text, 1000.0)).or_else(|| {
        longest(headers, &RETRY_AFTER, |text| {
            seconds(text, 1.0).or_else(|| until(text, headers))
        })
    })
}

fn longest(
    headers: &HeaderMap,
    name: &HeaderName,
    read: impl Fn(&str) -> Option<Duration>,
) -> Option<Duration> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| read(value.to_str().ok()?.trim()))
        .filter(|delay| !delay.is_zero())
        .max()
        .map(|delay| delay.min(LONGEST))
}

/// A decimal number, in units of which so many are a second. No sign, no exponent, no infinity.
fn seconds(text: &str, in_a_second: f64) -> Option<Duration> {
    let decimal = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    if !text.bytes().all(decimal) {
        return None;
    }
    let seconds = text.parse::<f64>().ok()? / in_a_second;
    // What is no sign and no number has been refused, so that what does not fit is too long.
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST))
}

/// From when the response was sent until the date; `None` if that has passed.
fn until(text: &str, headers: &HeaderMap) -> Option<Duration> {
    let wall = clock::wall();
    let sent = headers
        .get(DATE)
        .and_then(|value| date(value.to_str().ok()?.trim(), wall));
    let now = sent.unwrap_or(wall);
    date(text, now)?.checked_sub(now)
}

/// A date in any of its three forms, since 1970.
fn date(text: &str, now: Duration) -> Option<Duration> {
    match TwoDigits::of(text) {
        Some(date) => date.latest(now),
        None => since_1970(text),
    }
}

fn since_1970(text: &str) -> Option<Duration> {
    // A leap second, which the standard allows and `httpdate` does not: the second after the one before it.
    if let Some((before, after)) = text.split_once(LEAP_SECOND) {
        let eve = plain(&format!("{before}23:59:59{after}"))?;
        return eve.checked_add(Duration::from_secs(1));
    }
    plain(text)
}

fn plain(text: &str) -> Option<Duration> {
    let date = httpdate::parse_http_date(text).ok()?;
    date.duration_since(UNIX_EPOCH).ok()
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`, in its parts. `httpdate` has a fixed century for each year, which the standard has
/// not.
struct TwoDigits<'a> {
    weekday: &'a str,
    day: &'a str,
    month: &'a str,
    year: &'a str,
    time: &'a str,
}

impl<'a> TwoDigits<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (weekday, rest) = text.split_once(", ")?;
        let (date, time) = rest.split_once(' ')?;
        let (day, date) = date.split_once('-')?;
        let (month, year) = date.split_once('-')?;
        (year.len() == 2).then_some(Self {
            weekday: short(weekday)?,
            day,
            month,
            year,
            time,
        })
    }

    /// The latest date that this can mean and that is not more than fifty years ahead.
    fn latest(&self, now: Duration) -> Option<Duration> {
        let farthest = now.saturating_add(FIFTY_YEARS);
        let century = 19 + (now.as_secs() / 31_556_952 + 70) / 100;
        [century + 1, century, century - 1]
            .into_iter()
            .filter_map(|century| since_1970(&self.written_out(century)))
            .find(|date| *date <= farthest)
    }

    /// As `Sun, 06 Nov 1994 08:49:37 GMT`.
    fn written_out(&self, century: u64) -> String {
        let Self {
            weekday,
            day,
            month,
            year,
            time,
        } = self;
        format!("{weekday}, {day} {month} {century}{year} {time}")
    }
}

fn short(weekday: &str) -> Option<&'static str> {
    Some(match weekday {
        "Monday" => "Mon",
        "Tuesday" => "Tue",
        "Wednesday" => "Wed",
        "Thursday" => "Thu",
        "Friday" => "Fri",
        "Saturday" => "Sat",
        "Sunday" => "Sun",
        _ => return None,
    })
}
