//! Where a token may start and end in a text.

use super::super::edge::{ends_an_escape, part};

/// Whether something that is not part of a longer word may start at `at`.
///
/// The byte before must not be an ASCII letter or digit, unless it ends an escape: `%3D`, `\n`, `\u003d`, `\x3d` or a
/// colour code of a terminal. With `alone` it must not be a joint of words (`_ - . / +`) either.
pub(super) fn starts(text: &[u8], at: usize, alone: bool) -> bool {
    let Some(&before) = at.checked_sub(1).and_then(|i| text.get(i)) else {
        return true;
    };
    if before.is_ascii_alphanumeric() {
        return ends_escape(text, at);
    }
    !(alone && matches!(before, b'_' | b'-' | b'.' | b'/' | b'+'))
}

/// Whether an escape of one character, or a colour of a terminal, ends at `at`.
fn ends_escape(text: &[u8], at: usize) -> bool {
    let before = part(text, at.saturating_sub(2), at);
    ends_an_escape(text, at)
        || matches!(before, [b'\\', b'v' | b'0' | b'e'])
        || before.ends_with(b"m") && ends_colour(text, at)
}

/// Whether `ESC [ digits ; digits m` ends at `at`; the escape byte itself or its escape in a string.
fn ends_colour(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let before = before.strip_suffix(b"m").unwrap_or_default();
    let window = before
        .get(before.len().saturating_sub(16)..)
        .unwrap_or_default();
    let codes = window
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_digit() || **b == b';')
        .count();
    let head = window.get(..window.len() - codes).unwrap_or_default();
    head.strip_suffix(b"[").is_some_and(|head| {
        head.ends_with(b"\x1b")
            || head.ends_with(b"\\x1b")
            || head.ends_with(b"\\u001b")
            || head.ends_with(b"\\e")
    })
}

/// Whether nothing that would make the word longer stands at `end`.
pub(super) fn ends(text: &[u8], end: usize) -> bool {
    !text.get(end).is_some_and(u8::is_ascii_alphanumeric)
}
