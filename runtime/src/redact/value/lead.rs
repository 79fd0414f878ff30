//! What leads from a name to its value: `=`, `: `, `" => "`, `">`, ` is `.

use super::super::keys::{Key, is_joiner};
use super::prose::in_prose;
use super::quote::{Quote, quote_at};
use super::tagged::tagged;

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

/// Longest note of PHP behind a name, with the class it stands in.
const LONGEST_NOTE: usize = 80;

/// Behind what PHP says of a property between its name and the bracket: `[password:protected]`, `["password":"App\User":private]`.
fn behind_note(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    if rest.first() != Some(&b':') {
        return at;
    }
    let note = rest
        .iter()
        .take(LONGEST_NOTE)
        .take_while(|byte| byte.is_ascii_alphanumeric() || b":_\\\"".contains(byte))
        .count();
    let is_note = rest[..note].ends_with(b":protected") || rest[..note].ends_with(b":private");
    if is_note && rest.get(note) == Some(&b']') {
        at + note
    } else {
        at
    }
}

/// The mark that closes the name, and the place behind it and a bracket: `password`, `[password]`, `["password"]`.
fn behind_name(text: &[u8], end: usize) -> (Option<Quote>, usize) {
    let mut at = behind_bracket(text, behind_note(text, end));
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
    (Some(quote), behind_bracket(text, behind_note(text, at)))
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
    let begins_sign = rest.first().is_some_and(|byte| b":=!?.|+-~".contains(byte));
    let mut signs = ASSIGNMENTS.iter();
    if begins_sign && let Some(sign) = signs.find(|sign| rest.starts_with(sign)) {
        // PHP breaks the line behind `=>`.
        let value = behind_sign(text, at + sign.len(), *sign == b"=>");
        return Some(seen.value_at(value, Lead::Assigned));
    }
    if let [b'%', b'3', sign @ (b'd' | b'D' | b'a' | b'A'), ..] = rest {
        let lead = if sign | 0x20 == b'd' {
            Lead::Assigned
        } else {
            Lead::Told
        };
        let blank = text
            .get(at + 3..)
            .is_some_and(|rest| rest.starts_with(b"%20"));
        return Some(Led {
            is_percent: true,
            ..seen.value_at(at + if blank { 6 } else { 3 }, lead)
        });
    }
    if let [b'\\', b'u', b'0', b'0', b'3', b'd' | b'D' | b'a' | b'A', ..] = rest {
        return Some(seen.value_at(at + 6, Lead::Assigned));
    }
    // A colon and an equals sign as wide as Chinese letters.
    if let [0xef, 0xbc, 0x9a | 0x9d, ..] = rest {
        return Some(seen.value_at(skip_blanks(text, at + 3), Lead::Assigned));
    }
    // `userPassword:: ` of LDIF; `token::refresh` is a path.
    if at == seen.at && rest.starts_with(b":: ") {
        return Some(seen.value_at(skip_blanks(text, at + 3), Lead::Told));
    }
    let is_told = rest.first() == Some(&b':') && rest.get(1) != Some(&b':');
    // In JSON the value may stand in the next line.
    let value = behind_sign(text, at + 1, seen.quote.is_some());
    is_told.then(|| seen.value_at(value, Lead::Told))
}

/// Where the value is behind a sign that ends at `at`: perhaps in the next line, if it begins as values do. What begins with a letter
/// there is a name.
fn behind_sign(text: &[u8], at: usize, may_break: bool) -> usize {
    let next = skip_space(text, at);
    let rest = text.get(next..).unwrap_or_default();
    let is_marked = matches!(
        rest.first(),
        Some(b'"' | b'\'' | b'\\' | b'[' | b'{' | b'0'..=b'9')
    );
    if may_break && (is_marked || rest.starts_with(b"string(")) {
        next
    } else {
        skip_blanks(text, at)
    }
}

impl Led {
    pub(super) const fn value_at(self, at: usize, lead: Lead) -> Self {
        Self { at, lead, ..self }
    }
}

/// The value is the next in a list, or the one that is called so: `"value": ".."`.
fn listed(text: &[u8], name: usize, at: usize, seen: Led) -> Option<Led> {
    let comma = text.get(at) == Some(&b',');
    let next = skip_space(text, at + usize::from(comma));
    let is_named = seen.quote.is_some()
        || is_called(&text[..name])
        || text
            .get(at..next)
            .is_some_and(|between| between.contains(&b'\n'));
    if is_named && let Some(value) = value_name(text, behind_members(text, next, seen)) {
        return Some(seen.value_at(value, Lead::Named));
    }
    // `{password,"..."}` of Erlang.
    let opens = name.checked_sub(1).and_then(|before| text.get(before));
    if seen.quote.is_none() && comma && opens == Some(&b'{') && quote_at(text, next).is_some() {
        return Some(seen.value_at(next, Lead::Pair));
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

/// Whether `name: ` or `key=` leads to what stands behind it.
fn is_called(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    [
        &b"name:"[..],
        b"name=",
        b"Name:",
        b"Name=",
        b"key:",
        b"key=",
    ]
    .iter()
    .any(|lead| before.ends_with(lead))
}

/// Most members of an object that are passed over between a name and its value, and the longest of them.
const MOST_MEMBERS: usize = 3;
const LONGEST_MEMBER: usize = 48;

/// Behind short members that stand between the name and its value: `"name": "TOKEN", "slotSetting": false, "value": ".."`.
fn behind_members(text: &[u8], mut at: usize, seen: Led) -> usize {
    for _ in 0..MOST_MEMBERS {
        let rest = text.get(at..).unwrap_or_default();
        let rest = &rest[..rest.len().min(LONGEST_MEMBER)];
        if seen.quote.is_none() || rest.first() != Some(&b'"') || value_name(text, at).is_some() {
            return at;
        }
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"\":_-. ".contains(byte);
        let length = rest.iter().take_while(|byte| is_plain(byte)).count();
        if rest.get(length) != Some(&b',') {
            return at;
        }
        at = skip_space(text, at + length + 1);
    }
    at
}

/// The longest name that means a value: `ParameterValue`.
const LONGEST_VALUE_NAME: usize = 24;

/// Behind `value=` or `"value":`.
fn value_name(text: &[u8], at: usize) -> Option<usize> {
    let mark = quote_at(text, at);
    let at = at + mark.map_or(0, Quote::len);
    let rest = text.get(at..)?;
    let letters = rest.iter().take(LONGEST_VALUE_NAME);
    let name = &rest[..letters
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count()];
    // Most other names are told apart by their last letter.
    if !matches!(name.last(), Some(b'e' | b'l' | b't' | b'v')) {
        return None;
    }
    let names: [&[u8]; 5] = [b"value", b"Value", b"val", b"Val", b"content"];
    let is_value =
        names.iter().any(|known| name.ends_with(known)) || name == b"v" && mark.is_some();
    if !is_value {
        return None;
    }
    let at = at + name.len();
    let at = skip_blanks(text, at + quote_at(text, at).map_or(0, Quote::len));
    matches!(text.get(at), Some(b'=' | b':')).then(|| skip_blanks(text, at + 1))
}

/// Longest name that is looked at.
pub(super) const LONGEST_NAME: usize = 64;

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
