//! Values in calls and in elements: `Password("..")`, `setPassword("..")`, `<password>..</password>`.

use super::super::keys::{Key, Kind};
use super::lead::{Lead, Led, name_start, skip_blanks, skip_space};
use super::quote::quote_at;

/// `Password("..")`, `<password>..` and `<entry key="password">..`.
pub(super) fn tagged(text: &[u8], key: &Key, end: usize, seen: Led) -> Option<Led> {
    match text.get(end)? {
        b'(' if is_type_name(text, key, end) => {
            Some(seen.value_at(skip_blanks(text, end + 1), Lead::Wrapped))
        }
        b'(' if is_setter(text, key, end) => Some(seen.value_at(end + 1, Lead::Beside)),
        // The tag of a text that is escaped: `&lt;password&gt;..&lt;/password&gt;`.
        b'&' if text[end..].starts_with(b"&gt;") => {
            let is_tag = text[..name_start(text, key.start)].ends_with(b"&lt;");
            is_tag.then(|| seen.value_at(end + 4, Lead::Assigned))
        }
        b'\\' if text[end..].starts_with(b"\\u003e") => {
            let tag = &text[name_start(text, key.start)..];
            tag.starts_with(b"u003c")
                .then(|| seen.value_at(end + 6, Lead::Assigned))
        }
        b'>' | b' ' | b'\n' | b'\t' => element(text, key, end, seen),
        b'"' | b'\'' if text.get(seen.at) == Some(&b'>') => {
            let before = &text[..name_start(text, key.start)];
            let attributes: [&[u8]; 4] = [b" name=", b" key=", b" Name=", b" Key="];
            let is_name = before
                .split_last()
                .is_some_and(|(_, before)| attributes.iter().any(|name| before.ends_with(name)));
            is_name.then(|| seen.value_at(skip_space(text, seen.at + 1), Lead::Element))
        }
        _ => None,
    }
}

/// `ApiKey`, and neither `api_key` nor `withApiKey`; and `PASSWORD('..')` of SQL.
fn is_type_name(text: &[u8], key: &Key, end: usize) -> bool {
    let name = &text[name_start(text, key.start)..end];
    let is_called = name == b"PASSWORD" && quote_at(text, end + 1).is_some();
    name[0].is_ascii_uppercase() && name.iter().any(u8::is_ascii_lowercase) || is_called
}

/// Whether a text is handed over by the call of this name: `setPassword("..")`, `.api_key("..")`, and neither `getSecret("..")`.
fn is_setter(text: &[u8], key: &Key, end: usize) -> bool {
    if !matches!(key.kind, Kind::Secret | Kind::Token) || quote_at(text, end + 1).is_none() {
        return false;
    }
    let name = &text[name_start(text, key.start)..end];
    let call = name
        .iter()
        .rposition(|byte| *byte == b'.')
        .map_or(name, |dot| &name[dot + 1..]);
    let takes: [&[u8]; 8] = [
        b"set", b"with", b"Set", b"With", b"use", b"add", b"update", b"change",
    ];
    takes.iter().any(|verb| call.starts_with(verb))
        || call.len() < name.len() && call == &text[key.start..end]
}

/// The longest list of attributes that is looked through for the end of a tag.
const LONGEST_TAG: usize = 200;

fn element(text: &[u8], key: &Key, end: usize, seen: Led) -> Option<Led> {
    let name = name_start(text, key.start);
    // `<ns:password>`
    let name = match text[..name] {
        [.., b':'] => name_start(text, name - 1),
        _ => name,
    };
    if name == 0 || text[name - 1] != b'<' {
        return None;
    }
    let tag = text.get(end..)?;
    let close = tag
        .iter()
        .take(LONGEST_TAG)
        .position(|byte| matches!(byte, b'>' | b'<'))?;
    let is_open = tag[close] == b'>' && (close == 0 || tag[close - 1] != b'/');
    is_open.then(|| seen.value_at(skip_space(text, end + close + 1), Lead::Element))
}
