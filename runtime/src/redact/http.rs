//! HTTP headers and URLs that are fit to be printed (feature `http`).

mod names;
mod url;

#[cfg(test)]
mod tests;

use core::fmt::{self, Write as _};
use std::borrow::Cow;

use ::http::header::{HeaderMap, HeaderName, HeaderValue};

use self::names::{is_secret, scheme};
pub use self::url::url;
use super::{PLACEHOLDER, process};

/// Stands for a value that is no text.
const NOT_TEXT: &str = "(not UTF-8)";

/// Headers, fit to be printed: `Display` gives `{name: value, ..}` in the order of the map, `Debug` the same with quoted
/// texts. Nothing is read before it is printed.
///
/// - A value that is marked sensitive (`HeaderValue::is_sensitive`) reads `[REDACTED]`.
/// - So does that of a name that is known for its secrets: `authorization`, `cookie`, `set-cookie`, whatever ends in
///   `-key`, `-token`, `-secret`, `-signature` and the like (`x-api-key`, `x-amz-security-token`), or a name that the
///   filter of the process hides. Behind `authorization` and its kin the name of the scheme stays, if it is a known one:
///   `Bearer [REDACTED]`.
/// - All other values go through the filter of the process.
/// - A value that is not UTF-8 reads `(not UTF-8)`.
///
/// No length is shown.
///
/// ```
/// use http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderValue};
/// use wait_or_die::redact;
///
/// let mut headers = HeaderMap::new();
/// headers.insert(HOST, HeaderValue::from_static("example.org"));
/// headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer 0123456789"));
/// assert_eq!(
///     redact::headers(&headers).to_string(),
///     "{host: example.org, authorization: Bearer [REDACTED]}"
/// );
/// ```
pub fn headers(headers: &HeaderMap) -> Headers<'_> {
    Headers(headers)
}

/// Headers that are fit to be printed, from [`headers`].
#[derive(Clone, Copy)]
pub struct Headers<'a>(&'a HeaderMap);

impl fmt::Display for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('{')?;
        for (index, (name, value)) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{name}: {}", shown(name, value))?;
        }
        f.write_char('}')
    }
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.iter();
        f.debug_map()
            .entries(all.map(|(name, value)| (name.as_str(), shown(name, value))))
            .finish()
    }
}

/// Marks the values of all names that are known for their secrets as sensitive, as [`headers`] knows them: then the
/// `Debug` of `HeaderValue` hides them, and HTTP/2 does not put them into its tables. Marked, they are shown as
/// `[REDACTED]`, without the name of a scheme.
pub fn mark_sensitive(headers: &mut HeaderMap) {
    for (name, value) in headers.iter_mut() {
        if is_secret(name.as_str()) {
            value.set_sensitive(true);
        }
    }
}

fn shown<'h>(name: &HeaderName, value: &'h HeaderValue) -> Cow<'h, str> {
    if value.is_sensitive() {
        return PLACEHOLDER.into();
    }
    let name = name.as_str();
    let text = core::str::from_utf8(value.as_bytes());
    if is_secret(name) {
        let scheme = text.ok().and_then(|text| scheme(name, text));
        return match scheme {
            Some(scheme) => format!("{scheme} {PLACEHOLDER}").into(),
            None => PLACEHOLDER.into(),
        };
    }
    text.map_or(NOT_TEXT.into(), |text| process::current().filter(text))
}
