//! The password, or the token, of the userinfo of a URL, of unparsable ones too, and of data source names.
//!
//! One call reads on from its `://` to the next one at most, so that all calls on one text together look at each
//! byte a bounded number of times.

mod dsn;
mod mark;
#[cfg(test)]
mod tests;

pub(super) use self::dsn::dsn_at;
use self::mark::{Mark, Marks, opener};
use super::PLACEHOLDER;
use super::edge::{before, byte, is_placeholder, part, starts};
use super::span::Hide;

/// What stands in the place of a password where the user is a token.
const FILLERS: [&[u8]; 4] = [b"x-oauth-basic", b"x-oauth-token", b"x-oauth", b"x"];

/// The ends of host names that are no names of users.
const DOMAINS: [&[u8]; 12] = [
    b"com",
    b"org",
    b"net",
    b"io",
    b"dev",
    b"app",
    b"cloud",
    b"local",
    b"internal",
    b"svc",
    b"edu",
    b"gov",
];

/// What stands between `://` and the first `/`, `?` or `#`.
struct Authority {
    start: usize,
    end: usize,
    /// It ends at one of `/?#`, and what follows may still be part of a password which nobody encoded.
    goes_on: bool,
    /// The first colon, and the byte after it.
    colon: Option<(usize, usize)>,
    /// The last `@`, and the byte after it.
    at: Option<(usize, usize)>,
    /// How often it is percent-encoded.
    level: u8,
}

/// The password of the URL whose `://` starts at `at`, in whatever way that is escaped; or its user where that is
/// a token. `None` where there is none, or only a placeholder.
pub(super) fn userinfo_at(text: &[u8], at: usize) -> Option<Hide> {
    let (start, level) = opener(text, at)?;
    if level == 0 && is_only_host(text, start) {
        return None;
    }
    let authority = Authority::read(text, start, level);
    match authority.at {
        Some(last) => authority.with_userinfo(text, last),
        None => authority.with_hidden_userinfo(text),
    }
}

/// Whether nothing but the name of a host stands between `start` and the next sign that ends it; as in nearly every URL.
fn is_only_host(text: &[u8], start: usize) -> bool {
    let rest = text.get(start..).unwrap_or_default();
    let end = rest
        .iter()
        .find(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'-' | b'_'));
    !matches!(end, Some(sign) if !matches!(sign, b'/' | b'?' | b' ' | b'"'))
}

impl Authority {
    fn read(text: &[u8], start: usize, level: u8) -> Self {
        let mut read = Self {
            start,
            end: start,
            goes_on: false,
            colon: None,
            at: None,
            level,
        };
        for (mark, i, next) in Marks::new(text, start, level) {
            match mark {
                Mark::At => read.at = Some((i, next)),
                Mark::Colon => {
                    read.colon.get_or_insert((i, next));
                }
                Mark::Slash | Mark::Question | Mark::Hash => {
                    read.goes_on = true;
                    break;
                }
                Mark::Other => {}
            }
            read.end = next;
        }
        read
    }

    /// `user:password@host`.
    fn with_userinfo(&self, text: &[u8], (mut at, host): (usize, usize)) -> Option<Hide> {
        if is_digest(text, host) || self.is_host_with_parameters(text) {
            return None;
        }
        let Some((colon, password)) = self.colon.filter(|(colon, _)| *colon < at) else {
            return is_token(part(text, self.start, at)).then(|| Hide::whole(self.start, at));
        };
        // In `u:p@ss/word@host:1` the host seems to be `ss`.
        let name = part(text, host, self.end);
        let bare = !name.is_empty()
            && name
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(b));
        if self.goes_on
            && bare
            && !is_placeholder(part(text, password, at))
            && let Some((later, host)) = self.later_at(text)
            && is_clearly_host(text, host)
        {
            at = later;
        }
        secret(text, self.start..colon, password..at)
    }

    /// `user:pass/word@host`: what reads as host and port is none, as the port is no number.
    fn with_hidden_userinfo(&self, text: &[u8]) -> Option<Hide> {
        let (colon, password) = self.colon?;
        let user = part(text, self.start, colon);
        if !self.goes_on
            || byte(text, self.start) == b'['
            || is_domain(user)
            || self.is_hosts(text)
            || is_port(part(text, password, self.end))
            || is_address(part(text, self.start, self.end))
        {
            return None;
        }
        let (at, host) = self.later_at(text)?;
        let first = byte(text, host);
        let named = first.is_ascii_alphanumeric() || b"[${%".contains(&first);
        if !named || is_digest(text, host) {
            return None;
        }
        secret(text, self.start..colon, password..at)
    }

    /// The last `@` after the authority, but before what is certainly a query: `?name=` or `&name=`.
    fn later_at(&self, text: &[u8]) -> Option<(usize, usize)> {
        let mut found = None;
        let mut slash = false;
        for (mark, i, next) in Marks::new(text, self.end, self.level) {
            let query = mark == Mark::Question || byte(text, i) == b'&';
            if query && is_parameter(text, next, self.level) {
                break;
            }
            // `/@scope/package` is a path.
            if mark == Mark::At && !slash {
                found = Some((i, next));
            }
            slash = mark == Mark::Slash;
        }
        found
    }

    /// `host:1433;user=sa`, `host:80,client=joe`: parameters after a host, in which an `@` is no end of a userinfo.
    fn is_host_with_parameters(&self, text: &[u8]) -> bool {
        let span = |from: usize, ok: fn(&u8) -> bool| {
            from + part(text, from, self.end)
                .iter()
                .take_while(|b| ok(b))
                .count()
        };
        let mut i = span(self.start, |b| {
            b.is_ascii_alphanumeric() || b"-._".contains(b)
        });
        if byte(text, i) == b':' {
            i = span(i + 1, u8::is_ascii_digit);
        }
        i > self.start && b";,&|".contains(&byte(text, i)) && is_parameter(text, i + 1, 0)
    }

    /// `a:1,b:2`: several hosts.
    fn is_hosts(&self, text: &[u8]) -> bool {
        part(text, self.start, self.end)
            .split(|b| *b == b',')
            .all(|host| {
                let mut halves = host.splitn(2, |b| *b == b':');
                let name = halves.next().unwrap_or_default();
                !name.is_empty()
                    && halves
                        .next()
                        .is_none_or(|port| port.iter().all(u8::is_ascii_digit))
            })
    }
}

/// What to hide of a user and a password.
fn secret(
    text: &[u8],
    user: core::ops::Range<usize>,
    password: core::ops::Range<usize>,
) -> Option<Hide> {
    let value = part(text, password.start, password.end);
    let token = is_token(part(text, user.start, user.end));
    if token && FILLERS.contains(&value) {
        return Some(Hide::whole(user.start, password.end));
    }
    if !is_placeholder(value) {
        return Some(Hide::whole(password.start, password.end));
    }
    // Behind our own placeholder stood a password, and its user is shown.
    (token && value != PLACEHOLDER.as_bytes()).then(|| Hide::whole(user.start, user.end))
}

/// Whether a user is plainly a token: at least 20 letters and digits, not the words of a name.
fn is_token(user: &[u8]) -> bool {
    let mixed =
        |run: &[u8]| run.iter().any(u8::is_ascii_digit) && run.iter().any(u8::is_ascii_alphabetic);
    let legal = user.len() >= 20
        && user
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"_-=+~%!".contains(b));
    let uuid = || {
        user.len() == 36
            && user.iter().enumerate().all(|(i, b)| {
                if matches!(i, 8 | 13 | 18 | 23) {
                    *b == b'-'
                } else {
                    b.is_ascii_hexdigit()
                }
            })
    };
    legal
        && (uuid()
            || user
                .split(|b| !b.is_ascii_alphanumeric())
                .any(|run| run.len() >= 16 && mixed(run)))
}

/// `name=` at `at`.
fn is_parameter(text: &[u8], at: usize, level: u8) -> bool {
    // No parameter that matters has a longer name.
    let rest = part(text, at, text.len().min(at + 64));
    let name = rest
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || b"_-. []".contains(b))
        .count();
    let after = rest.get(name).copied().unwrap_or(0);
    name > 0 && (after == b'=' || (level > 0 && after == b'%'))
}

/// Whether a container image's digest stands at `at`, as in `docker://name:tag@sha256:...`.
fn is_digest(text: &[u8], at: usize) -> bool {
    [&b"sha256:"[..], b"sha384:", b"sha512:", b"sha256%3A"]
        .iter()
        .any(|name| starts(text, at, name))
}

/// A port, or what stands for one.
fn is_port(port: &[u8]) -> bool {
    port.iter().all(u8::is_ascii_digit)
        || port.eq_ignore_ascii_case(b"port")
        || is_placeholder(port)
}

/// An address of IPv6 without its brackets.
fn is_address(host: &[u8]) -> bool {
    let mut pieces = host.split(|b| *b == b':');
    pieces.all(|piece| piece.iter().all(|b| b.is_ascii_hexdigit() || *b == b'.'))
        && host.split(|b| *b == b':').nth(2).is_some()
}

fn is_domain(host: &[u8]) -> bool {
    let mut labels = host.rsplit(|b| *b == b'.');
    let last = labels.next().unwrap_or_default();
    labels.next().is_some() && DOMAINS.iter().any(|known| last.eq_ignore_ascii_case(known))
}

/// Whether a host stands at `at` which is no version or tag: it has a port, a dot after a letter, or a path.
fn is_clearly_host(text: &[u8], at: usize) -> bool {
    let name = part(text, at, text.len().min(at + 253))
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || b"-._".contains(b))
        .count();
    let host = part(text, at, at + name);
    let labels = host.split(|b| *b == b'.').count();
    let letters = host.first().is_some_and(u8::is_ascii_alphabetic);
    let end = at + name;
    let port = byte(text, end) == b':' && byte(text, end + 1).is_ascii_digit();
    if name == 0 || before(text, at) == 0 {
        return byte(text, at) == b'[';
    }
    port || (letters && (labels > 1 || byte(text, end) == b'/' || host == b"localhost"))
        || labels == 4
}
