//! What leads from a name to its value: `=`, `: `, `" => "`, `">`, ` is `.

use super::super::keys::{Key, Kind, is_joiner};
use super::quote::{Quote, quote_at};

/// How the value follows its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// `password=..`
    Assigned,
    /// `password: ..`
    Told,
    /// `("password", "..")`
    Pair,
    /// `{"name": "password", "value": ".."}`
    Named,
    /// `Password("..")`
    Wrapped,
    /// `<password>..</password>`
    Element,
    /// `password is ..`
    Said,
    /// `--password ..`
    Flag,
    /// `` password `..` ``
    Beside,
}

/// Where the value of a name stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Led {
    pub(super) at: usize,
    pub(super) lead: Lead,
    /// The mark that closed the name, if it was quoted.
    pub(super) quote: Option<Quote>,
    pub(super) in_query: bool,
    /// The text is percent-encoded.
    pub(super) is_percent: bool,
    /// The name is one of a program, not of prose: `api_key`.
    pub(super) is_joined: bool,
}

/// Longest form first.
const ASSIGNMENTS: [&[u8]; 15] = [
    b":::=", b"::=", b":=", b"=>", b"===", b"==", b"!=", b"?=", b".=", b"||=", b"+=", b"|=", b"->",
    b"~=", b"=",
];

/// Where the value of `key` is, which ends before `end`.
pub(super) fn led(text: &[u8], key: &Key, end: usize) -> Option<Led> {
    let name = name_start(text, key.start);
    let end = behind_number(text, end);
    let (quote, at) = behind_name(text, end);
    let seen = Led {
        at,
        lead: Lead::Assigned,
        quote,
        in_query: is_in_query(text, name),
        is_percent: false,
        is_joined: text[name..end].contains(&b'_'),
    };
    let next = skip_blanks(text, at);
    assigned(text, next, seen)
        .or_else(|| listed(text, name, next, seen))
        .or_else(|| tagged(text, key, end, seen))
        .or_else(|| in_prose(text, key, name, seen))
}

/// Behind brackets that a form has around its names: `user[password]`, `password[]`, also percent-encoded.
fn behind_bracket(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let brackets: [&[u8]; 5] = [b"[]", b"%5B%5D", b"%5b%5d", b"%5D", b"%5d"];
    let bracket = brackets.iter().find(|bracket| rest.starts_with(bracket));
    at + bracket.map_or(usize::from(rest.first() == Some(&b']')), |bracket| {
        bracket.len()
    })
}

/// The mark that closes the name, and the place behind it and a bracket: `password`, `[password]`, `["password"]`.
fn behind_name(text: &[u8], end: usize) -> (Option<Quote>, usize) {
    let mut at = behind_bracket(text, end);
    let Some(mut quote) = quote_at(text, at) else {
        return (None, at);
    };
    at += quote.len();
    // `{"\"password\"": ".."}`
    if quote.escapes > 0
        && let Some(outer) = quote_at(text, at).filter(|outer| outer.is_plain())
    {
        quote = outer;
        at += outer.len();
    }
    (Some(quote), behind_bracket(text, at))
}

/// Behind a number that is set off from the name: `api_token_123`, `signature-256`.
fn behind_number(text: &[u8], end: usize) -> usize {
    let Some([b'_' | b'-', rest @ ..]) = text.get(end..) else {
        return end;
    };
    match rest
        .iter()
        .take(4)
        .take_while(|byte| byte.is_ascii_digit())
        .count()
    {
        digits @ 1..=3 => end + 1 + digits,
        _ => end,
    }
}

fn assigned(text: &[u8], at: usize, seen: Led) -> Option<Led> {
    let rest = text.get(at..)?;
    if let Some(sign) = ASSIGNMENTS.iter().find(|sign| rest.starts_with(sign)) {
        // PHP breaks the line behind `=>`.
        let skip = if *sign == b"=>" {
            skip_space
        } else {
            skip_blanks
        };
        return Some(seen.value_at(skip(text, at + sign.len()), Lead::Assigned));
    }
    if let [b'%', b'3', sign @ (b'd' | b'D' | b'a' | b'A'), ..] = rest {
        let lead = if sign | 0x20 == b'd' {
            Lead::Assigned
        } else {
            Lead::Told
        };
        return Some(Led {
            is_percent: true,
            ..seen.value_at(at + 3, lead)
        });
    }
    if let [b'\\', b'u', b'0', b'0', b'3', b'd' | b'D' | b'a' | b'A', ..] = rest {
        return Some(seen.value_at(at + 6, Lead::Assigned));
    }
    // A colon and an equals sign as wide as Chinese letters.
    if let [0xef, 0xbc, 0x9a | 0x9d, ..] = rest {
        return Some(seen.value_at(skip_blanks(text, at + 3), Lead::Assigned));
    }
    // `token::refresh` is a path.
    let is_told = rest.first() == Some(&b':') && rest.get(1) != Some(&b':');
    // In JSON the value may stand in the next line; what begins with a letter there is a name.
    let same_line = skip_blanks(text, at + 1);
    let next_line = skip_space(text, at + 1);
    let begins_value = matches!(
        text.get(next_line),
        Some(b'"' | b'\'' | b'\\' | b'[' | b'{' | b'0'..=b'9')
    );
    let value = if seen.quote.is_some() && begins_value {
        next_line
    } else {
        same_line
    };
    is_told.then(|| seen.value_at(value, Lead::Told))
}

impl Led {
    const fn value_at(self, at: usize, lead: Lead) -> Self {
        Self { at, lead, ..self }
    }
}

/// The value is the next in a list, or the one that is called so: `"value": ".."`.
fn listed(text: &[u8], name: usize, at: usize, seen: Led) -> Option<Led> {
    let comma = text.get(at) == Some(&b',');
    let next = skip_space(text, at + usize::from(comma));
    let is_named = seen.quote.is_some()
        || text
            .get(at..next)
            .is_some_and(|between| between.contains(&b'\n'));
    if is_named && let Some(value) = value_name(text, next) {
        return Some(seen.value_at(value, Lead::Named));
    }
    seen.quote?;
    if let Some(form) = [&b"\r\n\r\n"[..], b"\n\n"]
        .iter()
        .find(|gap| text[at..].starts_with(gap))
        && text[..name].ends_with(b"name=\"")
    {
        return Some(seen.value_at(at + form.len(), Lead::Assigned));
    }
    let lead = if text[name..].starts_with(b"-") {
        Lead::Flag
    } else {
        Lead::Pair
    };
    (comma && quote_at(text, next).is_some()).then(|| seen.value_at(next, lead))
}

/// Behind `value=` or `"value":`.
fn value_name(text: &[u8], at: usize) -> Option<usize> {
    let at = at + quote_at(text, at).map_or(0, Quote::len);
    let rest = text.get(at..)?;
    let names: [&[u8]; 4] = [b"value", b"Value", b"val", b"content"];
    let name = names.iter().find(|name| rest.starts_with(name))?;
    let at = at + name.len();
    let at = skip_blanks(text, at + quote_at(text, at).map_or(0, Quote::len));
    matches!(text.get(at), Some(b'=' | b':')).then(|| skip_blanks(text, at + 1))
}

/// `Password("..")`, `<password>..` and `<entry key="password">..`.
fn tagged(text: &[u8], key: &Key, end: usize, seen: Led) -> Option<Led> {
    match text.get(end)? {
        b'(' if is_type_name(text, key, end) => {
            Some(seen.value_at(skip_blanks(text, end + 1), Lead::Wrapped))
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

fn in_prose(text: &[u8], key: &Key, name: usize, seen: Led) -> Option<Led> {
    let next = skip_blanks(text, seen.at);
    let rest = text.get(next..)?;
    if matches!(key.kind, Kind::Number | Kind::Numbered) && rest.first() == Some(&b'#') {
        let value = skip_blanks(text, next + 1);
        let value = skip_blanks(text, value + usize::from(text.get(value) == Some(&b':')));
        return Some(seen.value_at(value, Lead::Assigned));
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
    // The next field of a table.
    let is_field = key.kind == Kind::Secret && text[..next].ends_with(b"\t");
    Some(seen.value_at(next, if is_field { Lead::Said } else { Lead::Beside }))
}

/// What stands between a name and a value in a sentence.
const VERBS: [&[u8]; 9] = [
    b"is ",
    b"was ",
    b"is: ",
    b"was: ",
    b"= ",
    b"provided: ",
    b"supplied: ",
    b"given: ",
    b"used: ",
];

/// `login anna `, as `.netrc` has it before a password.
fn is_login(before: &[u8]) -> bool {
    let before = &before[before.len().saturating_sub(LONGEST_NAME)..];
    let mut words = before.rsplit(u8::is_ascii_whitespace);
    words.next().is_some_and(<[u8]>::is_empty) && words.nth(1).is_some_and(|word| word == b"login")
}

/// Longest name that is looked at.
const LONGEST_NAME: usize = 64;

/// Where the whole name begins that `start` is in.
pub(super) fn name_start(text: &[u8], start: usize) -> usize {
    let before = text[..start].iter().rev().take(LONGEST_NAME);
    start
        - before
            .take_while(|byte| {
                byte.is_ascii_alphanumeric() || (is_joiner(**byte) && **byte != b' ')
            })
            .count()
}

fn is_in_query(text: &[u8], name: usize) -> bool {
    let before = &text[..name];
    matches!(before, [.., b'?' | b'&' | b'#']) || {
        // The escape's digits were taken for a part of the name.
        let escape = &text[name..];
        matches!(escape, [b'3', b'F' | b'f', ..] | [b'2', b'6' | b'3', ..])
            && matches!(before, [.., b'%'])
            || escape.starts_with(b"u0026") && matches!(before, [.., b'\\'])
    }
}

pub(super) fn skip_blanks(text: &[u8], at: usize) -> usize {
    skip(text, at, |byte| matches!(byte, b' ' | b'\t'))
}

pub(super) fn skip_space(text: &[u8], at: usize) -> usize {
    skip(text, at, |byte| byte.is_ascii_whitespace())
}

/// Most white space that may stand between a name and its value.
const MOST_BLANKS: usize = 64;

fn skip(text: &[u8], at: usize, is_skipped: impl Fn(u8) -> bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .take(MOST_BLANKS)
        .take_while(|byte| is_skipped(**byte))
        .count()
}
