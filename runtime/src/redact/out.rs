//! The text that is printed in the end.

use std::borrow::Cow;

use super::PLACEHOLDER;
use super::value::{Quote, Strings};

/// What stands in the place of what was hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    /// In marks, where the value had none, so that JSON stays JSON.
    Quoted(Quote),
    /// The last digits of a number are kept, if that was asked for.
    LastFour,
}

/// A part of the text to hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hide {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where to look on.
    pub(super) resume: usize,
    pub(super) style: Style,
}

impl Hide {
    pub(super) const fn between(start: usize, end: usize, resume: usize) -> Self {
        Self {
            start,
            end,
            resume,
            style: Style::Plain,
        }
    }

    pub(super) const fn styled(start: usize, end: usize, style: Style) -> Self {
        Self {
            start,
            end,
            resume: end,
            style,
        }
    }
}

impl Hide {
    /// The same, in a text in front of which `by` more bytes stand.
    pub(super) const fn shifted(mut self, by: usize) -> Self {
        self.start += by;
        self.end += by;
        self.resume += by;
        self
    }
}

/// The shortest number of which the last four digits may be shown.
const SHORTEST_ACCOUNT: usize = 10;

/// The next place from `at` on, one way or the other, that is not within a character.
fn boundary(text: &str, mut at: usize, step: fn(usize, usize) -> usize) -> usize {
    while !text.is_char_boundary(at) {
        at = step(at, 1);
    }
    at
}

/// Copies what is shown; nothing is copied until something is hidden.
pub(super) struct Out<'t> {
    text: &'t str,
    shown: String,
    copied: usize,
    keeps_last_four: bool,
    strings: Strings<'t>,
}

impl<'t> Out<'t> {
    pub(super) fn new(text: &'t str, keeps_last_four: bool) -> Self {
        Self {
            text,
            shown: String::new(),
            copied: 0,
            keeps_last_four,
            strings: Strings::new(text.as_bytes()),
        }
    }

    /// Everything before it has been dealt with.
    pub(super) const fn floor(&self) -> usize {
        self.copied
    }

    /// Hides a part; what of it was dealt with before is left as it is. Parts are cut at characters, outwards.
    pub(super) fn hide(&mut self, hide: &Hide) {
        let start = boundary(self.text, hide.start.max(self.copied), usize::wrapping_sub);
        let end = boundary(
            self.text,
            hide.end.min(self.text.len()),
            usize::wrapping_add,
        );
        if end <= start {
            return;
        }
        // What follows something hidden at once is hidden with it: how many parts it had is not shown.
        if start == self.copied && self.shown.ends_with(PLACEHOLDER) {
            self.copied = end;
            return;
        }
        if self.shown.is_empty() {
            self.shown.reserve(self.text.len() + PLACEHOLDER.len());
        }
        self.shown.push_str(&self.text[self.copied..start]);
        match hide.style {
            Style::Plain => self.shown.push_str(PLACEHOLDER),
            Style::Quoted(quote) => {
                self.mark(quote);
                self.shown.push_str(PLACEHOLDER);
                self.mark(quote);
            }
            Style::LastFour if self.is_item(start, end) => self.item(start, end),
            Style::LastFour => self.number(start, end),
        }
        self.copied = end;
    }

    fn mark(&mut self, quote: Quote) {
        self.shown.extend(core::iter::repeat_n('\\', quote.escapes));
        self.shown.push_str(quote.mark);
    }

    fn number(&mut self, start: usize, end: usize) {
        self.shown.push_str(PLACEHOLDER);
        if self.keeps_last_four {
            let digits = self.text[start..end].chars().filter(char::is_ascii_digit);
            let count = digits.clone().count();
            // Of a short number, four digits would be too many.
            self.shown.extend(digits.skip(if count < SHORTEST_ACCOUNT {
                count
            } else {
                count - 4
            }));
        }
    }

    /// Puts a number of JSON, with its sign, into marks: JSON stays JSON.
    fn item(&mut self, start: usize, end: usize) {
        if self.shown.ends_with('-') {
            self.shown.pop();
        }
        self.shown.push('"');
        self.number(start, end);
        self.shown.push('"');
    }

    fn is_item(&self, start: usize, end: usize) -> bool {
        let text = self.text.as_bytes();
        is_item(text, start, end) && self.strings.clip(text, start).len() == text.len()
    }

    pub(super) fn finish(mut self) -> Cow<'t, str> {
        if self.copied == 0 && self.shown.is_empty() {
            return Cow::Borrowed(self.text);
        }
        self.shown.push_str(&self.text[self.copied..]);
        Cow::Owned(self.shown)
    }
}

/// Whether it is a number that may be an item of a list or an object of JSON: behind `[`, `,` or `":`, and before `,`, `]` or `}`.
fn is_item(text: &[u8], start: usize, end: usize) -> bool {
    const MOST_BLANKS: usize = 64;
    let is_blank = |byte: &&u8| byte.is_ascii_whitespace();
    let before = &text[..start];
    let before = before.strip_suffix(b"-").unwrap_or(before);
    let before = &before[..before.len()
        - before
            .iter()
            .rev()
            .take(MOST_BLANKS)
            .take_while(is_blank)
            .count()];
    let behind = text[end..]
        .iter()
        .take(MOST_BLANKS)
        .find(|byte| !byte.is_ascii_whitespace());
    text[start..end].iter().all(u8::is_ascii_digit)
        && matches!(before, [.., b'[' | b','] | [.., b'"', b':'])
        && matches!(behind, Some(b',' | b']' | b'}'))
}
