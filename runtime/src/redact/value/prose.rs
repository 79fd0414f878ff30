//! Values in sentences and in lines of settings: `password is ..`, `--password ..`, `requirepass ..`.

use super::super::keys::{Key, Kind};
use super::lead::{LONGEST_NAME, Lead, Led, skip_blanks};

/// The value of a name that no sign leads to.
pub(super) fn in_prose(text: &[u8], key: &Key, name: usize, seen: Led) -> Option<Led> {
    let next = skip_blanks(text, seen.at);
    let rest = text.get(next..)?;
    if matches!(key.kind, Kind::Number | Kind::Numbered) && rest.first() == Some(&b'#') {
        let value = skip_blanks(text, next + 1);
        let value = skip_blanks(text, value + usize::from(text.get(value) == Some(&b':')));
        return Some(seen.value_at(value, Lead::Assigned));
    }
    // `cvc 123`
    let is_code = [&b"cvv"[..], b"cvc", b"csc"]
        .iter()
        .any(|name| text[key.start..seen.at].eq_ignore_ascii_case(name));
    let digits = rest
        .iter()
        .take(5)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if is_code && matches!(digits, 3 | 4) {
        return Some(seen.value_at(next, Lead::Assigned));
    }
    if next == seen.at || matches!(key.kind, Kind::Maybe | Kind::Query | Kind::Numbered) {
        return None;
    }
    if let Some(verb) = VERBS.iter().find(|verb| rest.starts_with(verb)) {
        return Some(seen.value_at(skip_blanks(text, next + verb.len()), Lead::Said));
    }
    let is_flag =
        text[name..key.start].first() == Some(&b'-') || text[..key.start].ends_with(b"--");
    if (is_flag || is_login(&text[..name])) && rest.first() != Some(&b'-') {
        return Some(seen.value_at(next, Lead::Flag));
    }
    // The next field of a table, or all of a line of settings.
    let is_field = key.kind == Kind::Secret && text[..next].ends_with(b"\t");
    let lead = if is_field || is_setting(text, key, name, next) {
        Lead::Said
    } else {
        Lead::Beside
    };
    Some(seen.value_at(next, lead))
}

/// Longest value of a setting.
const LONGEST_SETTING: usize = 64;

/// Whether a line has the name of a program and one word, and nothing else: `requirepass hunter2`, `db.password hunter2`.
fn is_setting(text: &[u8], key: &Key, name: usize, value: usize) -> bool {
    let line = text[..name]
        .iter()
        .rev()
        .take(LONGEST_SETTING)
        .find(|byte| !matches!(byte, b' ' | b'\t'));
    let rest = text.get(value..).unwrap_or_default();
    let word = rest
        .iter()
        .take(LONGEST_SETTING)
        .take_while(|byte| !byte.is_ascii_whitespace())
        .count();
    let is_last = matches!(rest.get(word), None | Some(b'\n' | b'\r'));
    let called = text[name..value].trim_ascii_end();
    let is_name =
        called.iter().any(|byte| matches!(byte, b'_' | b'.' | b'-')) || called == b"requirepass";
    key.kind == Kind::Secret
        && matches!(line, None | Some(b'\n'))
        && is_name
        && is_last
        && !rest[..word].contains(&b'=')
}

/// What stands between a name and a value in a sentence.
const VERBS: [&[u8]; 17] = [
    b"is ",
    b"was ",
    b"set to ",
    b"reset to ",
    b"changed to ",
    b"resolved to ",
    b"ist ",
    b"lautet ",
    b"est ",
    b"es ",
    b"is: ",
    b"was: ",
    b"= ",
    b"provided: ",
    b"supplied: ",
    b"given: ",
    b"used: ",
];

/// `login anna `, as `.netrc` has it before a password, perhaps in the line before; and no `login failed `.
fn is_login(before: &[u8]) -> bool {
    let before = &before[before.len().saturating_sub(LONGEST_NAME)..];
    if !before.ends_with(b" ") && !before.ends_with(b"\n") && !before.ends_with(b"\t") {
        return false;
    }
    let mut words = before
        .rsplit(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    let is_message = |word: &[u8]| {
        matches!(
            word,
            b"error" | b"failed" | b"failure" | b"attempt" | b"with"
        )
    };
    words.next().is_some_and(|user| !is_message(user)) && words.next() == Some(b"login")
}
