//! What a person reads of some bytes: characters, without the colours of a terminal.

use core::ptr;
use std::borrow::Cow;

use crate::redact::Filter;

const ESCAPE: char = '\u{1b}';

/// The bytes as characters, what is not UTF-8 as U+FFFD, without colours.
pub(super) fn readable(bytes: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => without_colours(text),
        Cow::Owned(text) => match without_colours(&text) {
            Cow::Borrowed(_) => Cow::Owned(text),
            Cow::Owned(plain) => Cow::Owned(plain),
        },
    }
}

/// `text` without the control sequences (`ESC [ .. letter`) that colour it; borrowed if there are none.
pub(super) fn without_colours(text: &str) -> Cow<'_, str> {
    if !text.contains(ESCAPE) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut pieces = text.split(ESCAPE);
    plain.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        if let Some(sequence) = piece.strip_prefix('[') {
            plain.push_str(behind_sequence(sequence));
        } else {
            plain.push(ESCAPE);
            plain.push_str(piece);
        }
    }
    if plain.len() == text.len() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(plain)
}

/// What follows a control sequence of which `ESC [` is gone: parameters and intermediates, then one final byte.
fn behind_sequence(sequence: &str) -> &str {
    let rest = sequence.trim_start_matches(|c| matches!(c, ' '..='?'));
    rest.strip_prefix(|c| matches!(c, '@'..='~'))
        .unwrap_or(rest)
}

/// `raw` filtered, where `plain` is `raw` without its colours.
///
/// Colours stand between a key and its value (`tracing-subscriber` paints `password` and `=` apart), so the filter
/// looks at what a person reads. A line in which something is hidden loses its colours.
pub(super) fn hide<'t>(filter: &Filter, raw: &'t str, plain: &str) -> Cow<'t, str> {
    if plain.len() != raw.len() {
        let shown = filter.filter(plain);
        if !is_same(&shown, plain) {
            return Cow::Owned(shown.into_owned());
        }
    }
    filter.filter(raw)
}

/// Whether `shown` is `text` itself: the filter found nothing in it.
pub(super) fn is_same(shown: &str, text: &str) -> bool {
    ptr::eq(shown, text)
}
