//! Data source names without a scheme: Go's `user:password@tcp(host)/db`, Oracle's `user/password@db`, `//user:password@host`,
//! `user:password@host:port`.
//!
//! Looking back stops at the `@` before, of the same kind, so that all calls on one text together are linear.

use core::ops::Range;

use super::super::edge::{byte, is_placeholder, part, starts};

/// The networks that stand before the bracket of an address.
const NETWORKS: [&[u8]; 8] = [
    b"tcp(",
    b"tcp4(",
    b"tcp6(",
    b"unix(",
    b"udp(",
    b"cloudsql(",
    b"alloydb(",
    b"cloudsql-mysql(",
];

/// The programs of Oracle whose argument is `user/password@db`.
const PROGRAMS: [&[u8]; 6] = [
    b"sqlplus",
    b"sqlplus64",
    b"sqlcl",
    b"sqlldr",
    b"expdp",
    b"impdp",
];

/// Commands which are also words of prose: the database must then be a host with a port or a service.
const COMMANDS: [&[u8]; 3] = [b"connect", b"conn", b"target"];

/// The password before the `@` at `at` of a data source name that has no `://`; what is before `floor` is not looked at.
pub(in super::super) fn dsn_at(text: &[u8], at: usize, floor: usize) -> Option<Range<usize>> {
    if byte(text, at) != b'@' {
        return None;
    }
    if is_address(text, at) {
        return go(text, at, floor);
    }
    let start = value_start(text, at, floor, |i| byte(text, i) == b'@');
    if part(text, start, at).starts_with(b"//") {
        return bare(text, start, at);
    }
    oracle(text, start, at, floor).or_else(|| with_port(text, start, at))
}

/// What may stand before a colon and is no user: schemes without `//`, and what letters and addresses are called.
const NO_USERS: [&[u8]; 16] = [
    b"mailto", b"sip", b"sips", b"xmpp", b"acct", b"ssh", b"git", b"scp", b"rsync", b"im",
    b"email", b"mail", b"from", b"to", b"stun", b"turn",
];

/// `user:password@host:port`
fn with_port(text: &[u8], start: usize, at: usize) -> Option<Range<usize>> {
    let value = part(text, start.max(at.saturating_sub(LONGEST)), at);
    let begins = value
        .iter()
        .rposition(|b| b"=([{,;".contains(b))
        .map_or(0, |sign| sign + 1);
    let value = part(value, begins, value.len());
    let colon = value.iter().position(|b| *b == b':')?;
    let (user, password) = (part(value, 0, colon), part(value, colon + 1, value.len()));
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"._-".contains(b);
    let is_user = !user.is_empty()
        && user.iter().all(is_name)
        && !NO_USERS.iter().any(|word| user.eq_ignore_ascii_case(word));
    let is_password = password.len() >= 6
        && !password.iter().all(u8::is_ascii_lowercase)
        && !password.iter().any(|b| b"/:".contains(b));
    if !is_user || !is_password {
        return None;
    }
    let host = part(text, at + 1, text.len().min(at + LONGEST));
    let name = host
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || b"-.".contains(b))
        .count();
    let port = part(host, name + 1, host.len());
    let digits = port.iter().take_while(|b| b.is_ascii_digit()).count();
    let is_end =
        !matches!(port.get(digits), Some(b) if b.is_ascii_alphanumeric() || b":.@_-".contains(b));
    let is_host = name > 0 && host.get(name) == Some(&b':') && (2..=5).contains(&digits) && is_end;
    if is_host {
        hidden(text, at - password.len(), at)
    } else {
        None
    }
}

/// The longest user and password, and the longest host, that are looked at.
const LONGEST: usize = 128;

/// Whether the `@` at `at` is followed by an address in Go's way: `tcp(..)`, or only a `/db`.
fn is_address(text: &[u8], at: usize) -> bool {
    let path = byte(text, at + 1) == b'/' && byte(text, at + 2).is_ascii_alphabetic();
    path || NETWORKS
        .iter()
        .any(|name| part(text, at + 1, at + 1 + name.len()) == *name)
}

/// Where the value that ends at `at` starts: after a white space, a quote or what `stops` at.
fn value_start(text: &[u8], at: usize, floor: usize, stops: impl Fn(usize) -> bool) -> usize {
    let mut start = at;
    while start > floor {
        let i = start - 1;
        let b = byte(text, i);
        if b <= b' ' || b"\"'`<>".contains(&b) || stops(i) {
            break;
        }
        start = i;
    }
    start
}

/// `user:password@tcp(host:3306)/db`.
fn go(text: &[u8], at: usize, floor: usize) -> Option<Range<usize>> {
    let mut start = value_start(text, at, floor, |i| {
        byte(text, i) == b'@' && is_address(text, i)
    });
    let value = part(text, start, at);
    if let Some(scheme) = value.windows(3).position(|w| w == b"://") {
        start += scheme + 3;
    }
    let colon = start + part(text, start, at).iter().position(|b| *b == b':')?;
    let user = part(text, start, colon);
    let named = user
        .last()
        .is_some_and(|b| b.is_ascii_alphanumeric() || b"_}".contains(b));
    if !named || user.contains(&b'/') {
        return None;
    }
    hidden(text, colon + 1, at)
}

/// `//user:password@host.example`.
fn bare(text: &[u8], start: usize, at: usize) -> Option<Range<usize>> {
    let colon = start + part(text, start, at).iter().position(|b| *b == b':')?;
    let user = part(text, start + 2, colon);
    if user.is_empty() || user.contains(&b'/') {
        return None;
    }
    let mut last = at;
    let mut end = at;
    while !matches!(
        byte(text, end),
        0..=b' ' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'/'
    ) {
        if byte(text, end) == b'@' {
            last = end;
        }
        end += 1;
    }
    let host = part(text, last + 1, end);
    let port = host
        .windows(2)
        .any(|w| w[0] == b':' && w[1].is_ascii_digit());
    if !(port || host.contains(&b'.') || host == b"localhost") {
        return None;
    }
    hidden(text, colon + 1, last)
}

/// `user/password@db` where a program or a driver of Oracle stands before.
fn oracle(text: &[u8], start: usize, at: usize, floor: usize) -> Option<Range<usize>> {
    let value = part(text, start, at);
    let slash = start + value.iter().position(|b| *b == b'/')?;
    let user = part(text, start, slash);
    let driver = starts(text, start, b"jdbc:oracle:") || starts(text, start, b"userid=");
    if !driver {
        let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_$#[]".contains(b);
        let words = part(text, floor.max(start.saturating_sub(80)).min(start), start);
        if user.is_empty() || !user.iter().all(plain) || !is_client(words, is_service(text, at + 1))
        {
            return None;
        }
    }
    hidden(text, slash + 1, at)
}

/// Whether the last of `words` that is no option is a program of Oracle.
fn is_client(words: &[u8], service: bool) -> bool {
    let program = words
        .rsplit(|b| *b <= b' ' || b"\"'`>=/".contains(b))
        .find(|word| !word.is_empty() && !word.starts_with(b"-"))
        .unwrap_or_default();
    let among = |known: &[&[u8]]| known.iter().any(|name| program.eq_ignore_ascii_case(name));
    among(&PROGRAMS) || (service && among(&COMMANDS))
}

/// Whether a host with a port or a service stands at `at`.
fn is_service(text: &[u8], at: usize) -> bool {
    let rest = part(text, at, text.len().min(at + 253));
    let host = rest.strip_prefix(b"//").unwrap_or(rest);
    let name = host
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || b"-._".contains(b))
        .count();
    name > 0 && matches!(host.get(name), Some(b':' | b'/'))
}

fn hidden(text: &[u8], start: usize, end: usize) -> Option<Range<usize>> {
    (!is_placeholder(part(text, start, end))).then_some(start..end)
}
