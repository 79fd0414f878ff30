//! Where a line that is too long to be held is cut.

use super::LIMIT;
use super::readable::readable;
use crate::redact::{Filter, PLACEHOLDER};

/// A cut leaves at least this much in front of it, so that each byte is looked at a bounded number of times.
const FIRST: usize = LIMIT / 2;

/// A cut leaves at least `LIMIT - LAST` bytes behind it, so that a secret that has only begun is held back.
const LAST: usize = LIMIT - 1024;

/// Between the two, for a second try.
const MIDDLE: usize = usize::midpoint(FIRST, LAST);

/// Stands for whatever may follow a cut: in itself nothing that a filter hides, but hidden behind `password=`.
const PROBE: &str = "Zk3v9Qw7Lr2Tx8Bn5Mj4Hd6Fs1Gp0Yc";

/// What is written of the first `LIMIT` bytes of what is held.
pub(super) enum Cut {
    /// The first `at` bytes are shown as `shown`; at least half of the limit, never all.
    At { at: usize, shown: String },
    /// There is no safe place: this is shown, and nothing more of the line.
    Hide { shown: String },
}

/// Looks for a place where the text in front can be filtered without knowing what follows, and the other way round.
///
/// It is one where the filter makes of the whole exactly what it makes of the two parts, and where it would let a value
/// pass that follows. White space is tried first, then separators, then any character.
pub(super) fn cut(window: &[u8], filter: &Filter) -> Cut {
    let whole = readable(window);
    let shown = filter.filter(&whole);
    for at in places(window) {
        if let Some(shown) = shown_before(window, at, &shown, filter) {
            return Cut::At { at, shown };
        }
    }
    // The text up to its last secret was filtered with all of that secret's surroundings in view.
    let shown = match shown.rfind(PLACEHOLDER) {
        Some(at) => beginning(&shown, at + PLACEHOLDER.len()).to_owned(),
        None => format!("{}{PLACEHOLDER}", beginning(&shown, FIRST)),
    };
    Cut::Hide { shown }
}

/// What is shown of the text in front of `at`, if that is a safe place; `whole` is the whole text filtered.
fn shown_before(window: &[u8], at: usize, whole: &str, filter: &Filter) -> Option<String> {
    let (before, after) = window.split_at_checked(at)?;
    let mut probed = readable(before).into_owned();
    probed.push_str(PROBE);
    let probed = filter.filter(&probed);
    let shown = probed.strip_suffix(PROBE)?;
    let rest = whole.strip_prefix(shown)?;
    (filter.filter(&readable(after)) == rest).then(|| shown.to_owned())
}

/// Places to try, the best first, each within `FIRST..=LAST` and where no character is cut apart.
fn places(window: &[u8]) -> impl Iterator<Item = usize> {
    let behind = move |limit: usize, is_place: fn(u8) -> bool| {
        let range = window.get(FIRST..limit)?;
        Some(FIRST + range.iter().rposition(|byte| is_place(*byte))? + 1)
    };
    let is_space = |byte: u8| byte.is_ascii_whitespace();
    let is_mark = |byte| matches!(byte, b',' | b';' | b'&' | b'|');
    [
        behind(LAST, is_space),
        behind(MIDDLE, is_space),
        behind(LAST, is_mark),
        behind(MIDDLE, is_mark),
        Some(character(window, LAST)),
        Some(character(window, MIDDLE)),
    ]
    .into_iter()
    .flatten()
}

/// The last place up to `at` in front of a character.
///
/// A character has at most three bytes that go on with it. Behind more of them, which is no UTF-8, any place will do.
fn character(window: &[u8], at: usize) -> usize {
    (0..4)
        .filter_map(|back| at.checked_sub(back))
        .find(|place| window.get(*place).is_none_or(|byte| byte & 0xC0 != 0x80))
        .unwrap_or(at)
}

/// `text` up to the last character that ends within `length` bytes.
fn beginning(text: &str, length: usize) -> &str {
    (0..4)
        .find_map(|back| text.get(..length.checked_sub(back)?))
        .unwrap_or(text)
}
