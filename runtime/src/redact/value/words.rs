//! Values that are none: placeholders, words of a message, names of types, variables, paths.

use super::super::PLACEHOLDER;
use super::super::keys::Kind;
use super::super::texts;
use super::lists::{LITERALS, SAYINGS, TYPES};

/// Whether the text is a placeholder, or stands for no value.
pub(in crate::redact) fn is_placeholder(value: &[u8]) -> bool {
    value.is_empty()
        || value == PLACEHOLDER.as_bytes()
        || LITERALS.has(value)
        || is_masked(value)
        || is_variable(value)
        || is_asked_for(value)
        || value.trim_ascii().is_empty()
}

/// `YOUR_API_KEY`, `your-password`
fn is_asked_for(value: &[u8]) -> bool {
    let start = value.get(..5).unwrap_or_default();
    (start.eq_ignore_ascii_case(b"your_") || start.eq_ignore_ascii_case(b"your-"))
        && value
            .iter()
            .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
}

/// Where programs keep what they know: `var.db_password`, `process.env.TOKEN`.
const ROOTS: [&[u8]; 14] = [
    b"var",
    b"local",
    b"data",
    b"module",
    b"process",
    b"env",
    b"config",
    b"cfg",
    b"self",
    b"this",
    b"settings",
    b"os",
    b"args",
    b"secrets",
];

/// Whether names joined by full stops are those of a program, and not the words of a password.
pub(super) fn is_of_program(value: &[u8]) -> bool {
    let root = value.split(|byte| *byte == b'.').next().unwrap_or_default();
    ROOTS.contains(&root)
}

/// `****`, `xxxx`, `......`.
fn is_masked(value: &[u8]) -> bool {
    let first = value[0];
    let is_mask = |text: &str| {
        core::str::from_utf8(value).is_ok_and(|value| value.replace(text, "").is_empty())
    };
    match first {
        b'*' | b'x' | b'X' | b'.' | b'-' | b'_' | b'#' | b'?' => {
            value.iter().all(|byte| *byte == first)
        }
        0xe2 => is_mask("•") || is_mask("…") || is_mask("●"),
        _ => false,
    }
}

/// Something that is put in later, or was taken out: `${PASSWORD}`, `{{ token }}`, `<your key>`, `%s`, `{}`, `[FILTERED]`.
fn is_variable(value: &[u8]) -> bool {
    let is_name = |name: &[u8]| {
        name.len() <= LONGEST_NAME
            && name
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-. :$/".contains(byte))
    };
    let is_constant = |name: &[u8]| {
        !name.is_empty()
            && name.len() <= LONGEST_NAME
            && name
                .iter()
                .all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
    };
    match value {
        [b'$', b'{', b'{', name @ .., b'}', b'}'] | [b'<', b'%', b'=', name @ .., b'%', b'>'] => {
            is_name(name)
        }
        // `${PASSWORD:-hunter2}` shows what is taken where nothing else is given.
        [b'$', b'{', name @ .., b'}'] => is_name(name) && !has_default(name),
        [b'{', b'{', name @ .., b'}', b'}'] | [b'$', b'(', name @ .., b')'] => is_name(name),
        [b'%', b'(', name @ .., b')', b's'] | [b'{', name @ .., b'}'] | [b'<', name @ .., b'>'] => {
            is_name(name) && !name.iter().any(u8::is_ascii_digit)
        }
        [b'%', b's' | b'd' | b'v' | b'q' | b'@'] | [b'$' | b':', b'1'..=b'9'] => true,
        [b'$', name @ ..] => is_constant(name),
        // A parameter of a query.
        [b':', name @ ..] => name
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || *byte == b'_'),
        [b'[', name @ .., b']'] | [b'(', name @ .., b')'] => LITERALS.has(name),
        _ => false,
    }
}

/// Whether a value follows `:-` or `:=` that is one itself.
fn has_default(name: &[u8]) -> bool {
    let sign = name.windows(2).position(|two| matches!(two, b":-" | b":="));
    sign.is_some_and(|at| !is_placeholder(&name[at + 2..]))
}

/// The longest name of a variable.
pub(super) const LONGEST_NAME: usize = 64;

/// `String`, `Option<Secret>`
pub(super) fn is_type(value: &[u8]) -> bool {
    let name = value.split(|byte| *byte == b'<').next().unwrap_or_default();
    TYPES.has(name)
}

/// Whether a message goes on here, rather than a value: `must be longer`, but neither `hunter2` nor `swordfish`.
pub(super) fn is_saying(value: &[u8]) -> bool {
    let word = first_word(value);
    let word = word
        .strip_suffix(b",")
        .or(word.strip_suffix(b"."))
        .unwrap_or(word);
    SAYINGS.has(word)
}

fn first_word(value: &[u8]) -> &[u8] {
    value
        .split(u8::is_ascii_whitespace)
        .next()
        .unwrap_or_default()
}

/// The longest word that is known.
pub(super) const LONGEST_WORD: usize = texts::LONGEST;

/// A figure, with or without a unit: what `tokens=` counts.
pub(super) fn is_count(value: &[u8]) -> bool {
    let digits = value
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'_'))
        .count();
    let unit = &value[digits..];
    (1..=7).contains(&digits)
        && value[0].is_ascii_digit()
        && unit.len() <= 3
        && unit
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || *byte == b'%')
}

/// The longest path that stays. What stays is read again for the next name in it, so it must not be long.
const LONGEST_PATH: usize = 256;

/// The path of a file: `/run/secrets/db`, `./key.pem`, `~/.ssh/id`; no base64, which holds capitals and digits in its parts.
pub(super) fn is_path(value: &[u8]) -> bool {
    if value.len() > LONGEST_PATH {
        return false;
    }
    let is_rooted = value.starts_with(b"/")
        || value.starts_with(b"./")
        || value.starts_with(b"~/")
        || value.starts_with(b"../");
    let is_drive =
        matches!(value, [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    let part = |part: &[u8]| {
        part.len() <= 32
            && part
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-.~ ".contains(byte))
            && !looks_drawn(part)
    };
    (is_rooted && !is_amazon_secret(value) || is_drive && value.len() > 3)
        && value
            .split(|byte| matches!(byte, b'/' | b'\\' | b':'))
            .all(part)
}

/// Whether the path has more than one part: a password may begin with `/`.
fn is_deep(path: &[u8]) -> bool {
    path.iter()
        .filter(|byte| matches!(byte, b'/' | b'\\'))
        .count()
        > 1
        || path.starts_with(b"./")
        || path.starts_with(b"~/")
}

/// A secret access key of AWS: forty signs of base64, which may begin with `/` and have more of them.
fn is_amazon_secret(value: &[u8]) -> bool {
    let has = |is: fn(&u8) -> bool| value.iter().any(is);
    value.len() == 40
        && value
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+'))
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
}

/// Whether the value must be one of a person's or an account's number.
pub(super) fn is_number(value: &[u8]) -> bool {
    value.len() <= LONGEST_NAME
        && value.iter().filter(|byte| byte.is_ascii_digit()).count() >= 3
        && value
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b" -./*".contains(byte))
}

/// Letters and digits mixed as nobody writes them.
fn looks_drawn(part: &[u8]) -> bool {
    let turns = |is: fn(&u8) -> bool| {
        part.windows(2)
            .filter(|pair| is(&pair[0]) != is(&pair[1]))
            .count()
    };
    let has_both = part.iter().any(u8::is_ascii_digit) && part.iter().any(u8::is_ascii_alphabetic);
    let has_both_cases =
        part.iter().any(u8::is_ascii_lowercase) && part.iter().any(u8::is_ascii_uppercase);
    part.len() >= 8
        && has_both
        && (turns(u8::is_ascii_digit) >= 3 || has_both_cases && turns(u8::is_ascii_uppercase) >= 3)
}

/// Whether the value was drawn at random: long, of one piece, letters and digits mixed.
pub(super) fn is_random(value: &[u8], at_least: usize) -> bool {
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=_.~-!%".contains(byte);
    (at_least..=LONGEST_RANDOM).contains(&value.len())
        && value.iter().all(is_token)
        && value.split(|byte| b"_-./".contains(byte)).any(looks_drawn)
}

/// Nothing longer is looked at; what is drawn at random is not longer.
pub(super) const LONGEST_RANDOM: usize = 512;

/// `2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d`
pub(super) fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Whether a value that must not be shown in general may be shown under a name of this kind.
pub(super) fn is_harmless(value: &[u8], kind: Kind, is_plural: bool) -> bool {
    match kind {
        Kind::Secret => is_plural && is_count(value) || is_path(value) && is_deep(value),
        Kind::Token => is_count(value) && (is_plural || value.len() < 6) || is_path(value),
        Kind::Header => is_count(value),
        Kind::Number | Kind::Numbered => !is_number(value),
        Kind::Maybe | Kind::Query => false,
    }
}
