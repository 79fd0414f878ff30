//! Pieces of programs and of templates that stand where a value may: `getToken()`, `tokens[i]`, `{{ token }}`.

use super::lead::{skip_blanks, skip_space};
use super::quote::{Quote, quote_at};
use super::words;

/// Whether a value without marks, which ends before `next`, is an expression rather than a text.
pub(super) fn is_expression(value: &[u8], next: Option<u8>, is_secret: bool) -> bool {
    let name = value.iter().take_while(|byte| is_name(**byte)).count();
    let starts_as_name = value
        .first()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    if !starts_as_name {
        return false;
    }
    let (name, rest) = value.split_at(name);
    let is_path = name.contains(&b'.') || name.windows(2).any(|two| two == b"::");
    match rest {
        // `os.environ["PASSWORD"]`
        [b'[' | b'('] => matches!(next, Some(b'"' | b'\'' | b'`')),
        [b'(', inner @ ..] => is_path && is_call(inner),
        [b'[', index @ .., b']'] => {
            !is_secret
                && index.iter().all(|byte| is_name(*byte))
                && !name.iter().any(u8::is_ascii_digit)
        }
        [] => next == Some(b' ') && KEYWORDS.contains(&name),
        _ => false,
    }
}

/// Whether the bracket that opened before `rest` is closed in it, and not in the middle of a text, as in `Summer(2024)!`.
pub(super) fn is_call(rest: &[u8]) -> bool {
    let Some(end) = rest.iter().position(|byte| *byte == b')') else {
        return false;
    };
    let goes_on = |byte: &u8| byte.is_ascii_alphanumeric() || b"!@#$_".contains(byte);
    end == 0 || !rest.get(end + 1).is_some_and(goes_on)
}

/// What begins an expression, and goes on behind a blank.
const KEYWORDS: [&[u8]; 8] = [
    b"await",
    b"new",
    b"async",
    b"function",
    b"lambda",
    b"typeof",
    b"match",
    b"yield",
];

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'$')
}

/// Marks of templates, between which there may be blanks.
const TEMPLATES: [(&[u8], &[u8]); 3] = [(b"{{", b"}}"), (b"${{", b"}}"), (b"<%", b"%>")];

/// Tags of YAML behind which a name or a place stands.
const TAGS: [&[u8]; 10] = [
    b"vault", b"secret", b"env", b"env_var", b"ref", b"sub", b"getatt", b"GetAtt", b"Ref", b"Sub",
];

/// The longest template that is seen as one.
const LONGEST: usize = 128;

/// Whether what stands at `at` is put in later.
pub(super) fn is_template(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let rest = &rest[..rest.len().min(LONGEST)];
    if !matches!(rest.first(), Some(b'{' | b'$' | b'<' | b'!')) {
        return false;
    }
    // What a command prints, and what YAML puts in: `$(cat token)`, `!vault |`, `!secret db`.
    if let Some(command) = rest.strip_prefix(b"$(") {
        return command.contains(&b')');
    }
    if let Some(tag) = rest.strip_prefix(b"!") {
        let name = tag
            .iter()
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        return TAGS.contains(&&tag[..name]) && tag.get(name) == Some(&b' ');
    }
    let is_closed = TEMPLATES
        .iter()
        .filter_map(|(open, close)| Some((rest.strip_prefix(*open)?, close)))
        .any(|(inner, close)| inner.windows(2).any(|two| two == *close));
    // `<your password>`
    let is_letter = |byte: &&u8| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'_' | b'-');
    let words = rest.iter().skip(1).take_while(is_letter).count();
    is_closed || rest[0] == b'<' && words > 0 && rest.get(1 + words) == Some(&b'>')
}

/// Behind a type and `=`, where a name is declared: `token: &'static str = ".."`.
pub(super) fn behind_type(text: &[u8], mut at: usize) -> Option<usize> {
    for _ in 0..2 {
        let rest = text.get(at..)?;
        let word = rest
            .iter()
            .take(LONGEST_TYPE)
            .take_while(|byte| !byte.is_ascii_whitespace() && !b"=;,".contains(byte))
            .count();
        if !words::is_type(&rest[..word]) {
            return None;
        }
        at = skip_blanks(text, at + word);
        if text.get(at) == Some(&b'=') && text.get(at + 1) != Some(&b'=') {
            return Some(skip_blanks(text, at + 1));
        }
    }
    None
}

const LONGEST_TYPE: usize = 48;

/// Whether the object at `at` says what type a value has: `{"type": "string", "minLength": 8}`.
pub(super) fn is_schema(text: &[u8], at: usize) -> bool {
    let unquoted = |at| at + quote_at(text, at).map_or(0, Quote::len);
    let name = unquoted(skip_space(text, at + 1));
    if !text
        .get(name..)
        .is_some_and(|rest| rest.starts_with(b"type"))
    {
        return false;
    }
    let sign = skip_blanks(text, unquoted(name + 4));
    let value = unquoted(skip_blanks(text, sign + 1));
    let rest = text.get(value..).unwrap_or_default();
    let word = rest
        .iter()
        .take(LONGEST_TYPE)
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    text.get(sign) == Some(&b':') && words::is_type(&rest[..word])
}

/// The longest complaint that is looked at.
const LONGEST_COMPLAINT: usize = 160;

/// Whether the list at `at` says what is wrong with a value: `["must be longer", "is required"]`.
pub(super) fn is_complaint(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let rest = &rest[..rest.len().min(LONGEST_COMPLAINT)];
    let Some(list) = rest
        .strip_prefix(b"[\"")
        .and_then(|list| list.split(|byte| *byte == b']').next())
    else {
        return false;
    };
    list.ends_with(b"\"")
        && list.split(|byte| *byte == b'"').step_by(2).all(|text| {
            words::is_saying(text)
                && text.contains(&b' ')
                && text
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || b" .,'()-".contains(byte))
        })
}
