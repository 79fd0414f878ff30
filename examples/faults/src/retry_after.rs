//! The forms in which a server says when to come again.

#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime};

use http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use httpdate::HttpDate;

/// Milliseconds, as some services send beside or instead of `Retry-After`.
const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");

/// 9999-12-31T23:59:59Z in seconds since 1970: the last date that the forms can write.
const LAST_DATE: u64 = 253_402_300_799;

/// What an answer says about when to come again.
///
/// Dates are written in all three forms of RFC 9110, section 5.6.7. They count from the `Date` of the same answer, in whole
/// seconds (what is over is cut off), so the distance of the two is exact whatever the clocks of both sides show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetryAfter {
    /// `Retry-After: 120`
    Seconds(u64),
    /// `retry-after-ms: 1500`
    Millis(u64),
    /// `Retry-After: Sun, 06 Nov 1994 08:49:37 GMT`, so long after the answer's `Date`.
    ImfFixdate(Duration),
    /// `Retry-After: Sunday, 06-Nov-94 08:49:37 GMT`, so long after the answer's `Date`.
    Rfc850(Duration),
    /// `Retry-After: Sun Nov  6 08:49:37 1994`, so long after the answer's `Date`.
    Asctime(Duration),
    /// `Retry-After` with this text, whatever it says.
    Text(HeaderValue),
}

impl RetryAfter {
    /// Texts that are not what the standard has, or beyond sense: empty, negative, fractions (which servers send, and the
    /// runtime reads), units, hundreds of years, beyond 64 bits,
    /// dates that do not exist.
    pub const ABSURD: [&'static str; 12] = [
        "",
        "-1",
        "+1",
        "1.5",
        "1e9",
        "60 s",
        "NaN",
        "soon",
        "9999999999",
        "99999999999999999999999",
        "Fri, 32 Dec 2094 08:49:37 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ];

    /// Each of [`ABSURD`](Self::ABSURD).
    pub fn absurd() -> impl Iterator<Item = Self> {
        Self::ABSURD
            .map(HeaderValue::from_static)
            .map(Self::Text)
            .into_iter()
    }

    /// Writes itself into the headers of an answer of this date.
    pub(crate) fn write(&self, headers: &mut HeaderMap, date: SystemTime) {
        let text = |form: fn(&str) -> Option<String>, after| {
            let imf = imf_fixdate(date, after);
            form(&imf).unwrap_or(imf)
        };
        let (name, value) = match self {
            Self::Seconds(seconds) => (RETRY_AFTER, HeaderValue::from(*seconds)),
            Self::Millis(millis) => (RETRY_AFTER_MS, HeaderValue::from(*millis)),
            Self::ImfFixdate(after) => (RETRY_AFTER, valued(&imf_fixdate(date, *after))),
            Self::Rfc850(after) => (RETRY_AFTER, valued(&text(rfc850, *after))),
            Self::Asctime(after) => (RETRY_AFTER, valued(&text(asctime, *after))),
            Self::Text(text) => (RETRY_AFTER, text.clone()),
        };
        headers.append(name, value);
    }
}

/// Dates are ASCII, so the empty value is never taken.
fn valued(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(const { HeaderValue::from_static("") })
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`. Dates before 1970 or after 9999 are moved to these bounds, which the form cannot pass.
pub(crate) fn imf_fixdate(date: SystemTime, after: Duration) -> String {
    let since = date
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = since
        .as_secs()
        .saturating_add(after.as_secs())
        .min(LAST_DATE);
    HttpDate::from(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).to_string()
}

/// The parts of an IMF-fixdate: day of the week, day, month, year, time.
fn parts(imf: &str) -> Option<[&str; 5]> {
    let mut words = imf.split([' ', ',']).filter(|word| !word.is_empty());
    Some([
        words.next()?,
        words.next()?,
        words.next()?,
        words.next()?,
        words.next()?,
    ])
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`
fn rfc850(imf: &str) -> Option<String> {
    const DAYS: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    let [day_of_week, day, month, year, time] = parts(imf)?;
    let long = DAYS
        .into_iter()
        .find(|long| long.starts_with(day_of_week))?;
    let year = year.get(2..)?;
    Some(format!("{long}, {day}-{month}-{year} {time} GMT"))
}

/// `Sun Nov  6 08:49:37 1994`
fn asctime(imf: &str) -> Option<String> {
    let [day_of_week, day, month, year, time] = parts(imf)?;
    let day = day.trim_start_matches('0');
    Some(format!("{day_of_week} {month} {day:>2} {time} {year}"))
}
