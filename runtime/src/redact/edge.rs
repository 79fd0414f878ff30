//! The edges of words and values, in texts that may be escaped, and the texts that stand for a value without being one.

#[cfg(test)]
mod tests;

/// The words which programs leave in brackets, or bare, where a value was.
const STAND_INS: [&[u8]; 12] = [
    b"redacted",
    b"filtered",
    b"hidden",
    b"masked",
    b"removed",
    b"omitted",
    b"censored",
    b"sensitive",
    b"null",
    b"none",
    b"nil",
    b"undefined",
];

/// The byte at `at`, or a NUL where there is none.
pub(super) fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// The byte before `at`, or a NUL at the start of the text.
pub(super) fn before(text: &[u8], at: usize) -> u8 {
    at.checked_sub(1).map_or(0, |i| byte(text, i))
}

/// `text[start..end]`, or nothing where that is no part of the text.
pub(super) fn part(text: &[u8], start: usize, end: usize) -> &[u8] {
    text.get(start..end).unwrap_or_default()
}

/// Whether `text[at..]` starts with `word`, whatever the case of ASCII letters.
pub(super) fn starts(text: &[u8], at: usize, word: &[u8]) -> bool {
    part(text, at, at.saturating_add(word.len())).eq_ignore_ascii_case(word) && !word.is_empty()
}

/// Whether a word may begin at `at`: nothing of a word stands before it, other than the end of an escape
/// such as `\n`, `\u003d` or `%3D`.
pub(super) fn begins(text: &[u8], at: usize) -> bool {
    let last = before(text, at);
    !(last.is_ascii_alphanumeric() || last == b'_') || ends_an_escape(text, at)
}

/// Whether the bytes before `at` are an escape which ends in a letter or a digit.
pub(super) fn ends_an_escape(text: &[u8], at: usize) -> bool {
    let tail = |n: usize| at.checked_sub(n).map_or(&[][..], |i| part(text, i, at));
    let hex = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_hexdigit);
    if let [b'\\', b'n' | b'r' | b't' | b'b' | b'f'] = tail(2) {
        return true;
    }
    if let [b'%', digits @ ..] = tail(3)
        && hex(digits)
    {
        return true;
    }
    if let [b'\\', b'x', digits @ ..] = tail(4)
        && hex(digits)
    {
        return true;
    }
    matches!(tail(6), [b'\\', b'u', digits @ ..] if hex(digits))
}

/// How many backslashes stand before `at`; looks at no other byte.
pub(super) fn backslashes_before(text: &[u8], at: usize) -> usize {
    part(text, 0, at)
        .iter()
        .rev()
        .take_while(|&&b| b == b'\\')
        .count()
}

/// Whether `value` stands for a value which is not there: `[REDACTED]`, `***`, `<password>`, `${PW}`, `{{pw}}`, `%s`.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    if STAND_INS
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word))
    {
        return true;
    }
    match value {
        [] | [b'%', b's' | b'v' | b'd' | b'q'] => true,
        [b'*', rest @ ..] if rest.iter().all(|&b| b == b'*') => true,
        [b'[', word @ .., b']'] => STAND_INS
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known)),
        [b'<', name @ .., b'>']
        | [b'{', name @ .., b'}']
        | [b'$' | b'#', b'{', name @ .., b'}']
        | [b'$', b'(', name @ .., b')']
        | [b'%', b'(', name @ .., b')', b's'] => is_name(name),
        [b'$', name @ ..] => is_variable(name),
        _ => is_mask(value),
    }
}

/// What stands between the brackets of a template: a name, perhaps with a default or a path, and brackets of its own.
fn is_name(name: &[u8]) -> bool {
    name.iter()
        .all(|&b| b.is_ascii_alphanumeric() || b" _-.:{}$?/'\"".contains(&b))
}

/// The name of an environment variable.
fn is_variable(name: &[u8]) -> bool {
    name.len() >= 2
        && name
            .iter()
            .all(|&b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// At least three times the same sign of those that masks are made of.
fn is_mask(value: &[u8]) -> bool {
    const BULLET: &[u8] = "\u{2022}".as_bytes();
    const ELLIPSIS: &[u8] = "\u{2026}".as_bytes();
    let bullets = value
        .chunks(3)
        .all(|sign| sign == BULLET || sign == ELLIPSIS);
    let same = value.len() >= 3
        && value
            .first()
            .is_some_and(|&first| b"xX.#-_".contains(&first) && value.iter().all(|&b| b == first));
    bullets || same
}
