//! URLs.

use core::fmt::Display;
use core::ops::Range;

use crate::redact::written::Written;
use crate::redact::{PLACEHOLDER, SafeText};

/// A URL that is fit to be printed: a `&str`, an `http::Uri` or anything else with the `Display` of one.
///
/// The userinfo is hidden whole, also where it is not escaped as it should be; secret query and fragment parameters are
/// hidden by the filter of the process, through which all of it goes. Length and cut are those of
/// [`SafeText::filtered`].
///
/// ```
/// use wait_or_die::redact;
///
/// let url = redact::url("https://svc:hunter2@example.org/in?password=hunter2secret&page=2");
/// assert_eq!(url.as_str(), "https://[REDACTED]@example.org/in?password=[REDACTED]&page=2");
/// ```
pub fn url(url: &(impl Display + ?Sized)) -> SafeText {
    let Some(mut written) = Written::of(&url) else {
        return SafeText::unprintable();
    };
    if let Some(userinfo) = userinfo(&written.text) {
        written.text.replace_range(userinfo, PLACEHOLDER);
    }
    SafeText::shown(written)
}

/// Where the userinfo stands. In a URL as it should be, that is before the last `@` of what lies between `//` and the
/// first `/`, `?` or `#`. A password may hold any of these unescaped: then what looks like a port is no number, or the
/// `@` that ends it comes later; rather hide too much.
fn userinfo(url: &str) -> Option<Range<usize>> {
    let start = url.find("//").map_or(0, |slashes| slashes + 2);
    let rest = url.get(start..)?;
    let authority = before(rest, &['/', '?', '#', '\\']);
    let within = if authority.contains('@') {
        before(rest, &['?', '#'])
    } else if has_port_that_is_none(authority) {
        rest
    } else {
        return None;
    };
    Some(start..start + within.rfind('@')?)
}

fn has_port_that_is_none(authority: &str) -> bool {
    // Within brackets the colons are those of an IPv6 address.
    let host = authority.rfind(']').map_or(0, |end| end + 1);
    let port = authority.get(host..).and_then(|port| port.split_once(':'));
    port.is_some_and(|(_, port)| port.bytes().any(|byte| !byte.is_ascii_digit()))
}

fn before<'t>(text: &'t str, ends: &[char]) -> &'t str {
    text.split(ends).next().unwrap_or(text)
}
