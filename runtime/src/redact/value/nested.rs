//! Values that are lists or objects: hidden as a whole.

use super::super::keys::{Key, Kind};
use super::super::out::Hide;
use super::lead::Led;
use super::quote::{close as quote_end, quote_at};
use super::{bare, code, line_end, words};

pub(super) fn hide(text: &[u8], key: &Key, led: &Led) -> Option<Hide> {
    if is_placeholder(text, led.at) {
        // What stands behind a placeholder belongs to the value: `[REDACTED]abc`.
        return bare::hide(text, key, led);
    }
    let is_unsure = matches!(
        key.kind,
        Kind::Maybe | Kind::Query | Kind::Number | Kind::Numbered
    );
    if is_unsure
        || code::is_schema(text, led.at)
        || code::is_complaint(text, led.at)
        || key.is_plural && is_plain_list(text, led.at, key.kind == Kind::Token)
    {
        return None;
    }
    // Only what has a line for its first bracket, or is JSON, goes on over the end of its line.
    let blanks = text[led.at + 1..]
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
        .count();
    let is_wide = led.quote.is_some() || text.get(led.at + 1 + blanks) == Some(&b'\n');
    // `[]string{".."}` of Go.
    let at = led.at
        + if text[led.at..].starts_with(b"[]string{") {
            8
        } else {
            0
        };
    let end = if is_wide {
        close(text, at).unwrap_or(text.len())
    } else {
        close_in_line(text, at)
    };
    let is_empty = text[at + 1..end]
        .iter()
        .all(|byte| byte.is_ascii_whitespace() || matches!(byte, b']' | b'}'));
    if is_empty {
        // What follows is not read: it stays, and would be read again for the next name in it.
        return None;
    }
    let end = bare::end_behind(text, led.at, end, led);
    Some(Hide::styled(led.at, end, led.style(text, end)))
}

/// `[REDACTED]`, `{}`, `[FILTERED]`
fn is_placeholder(text: &[u8], at: usize) -> bool {
    let reach = text.len().min(at + words::LONGEST_NAME + 4);
    close(&text[..reach], at).is_some_and(|end| words::is_placeholder(&text[at..end]))
}

/// The longest list that is looked through for texts.
const LONGEST_LIST: usize = 512;

/// Under a name like `tokens`: figures, with names or without, or words without marks.
fn is_plain_list(text: &[u8], at: usize, is_counted: bool) -> bool {
    let is_mark = |byte: &u8| matches!(byte, b'"' | b'\'');
    let rest = text.get(at..).unwrap_or_default();
    let is_figure = |byte: &&u8| {
        byte.is_ascii() && !byte.is_ascii_alphabetic() && !is_mark(byte) && **byte != b']'
    };
    let figures = rest.iter().take_while(is_figure).count();
    if rest.get(figures) == Some(&b']') {
        return true;
    }
    let rest = &rest[..rest.len().min(LONGEST_LIST)];
    let end = close(rest, 0).unwrap_or(line_end(rest, 0));
    let list = &rest[..end];
    end < LONGEST_LIST && (!list.iter().any(is_mark) || is_counted && are_counts(list))
}

/// `{"prompt": 12, "completion": 34}`
fn are_counts(list: &[u8]) -> bool {
    let items = list
        .trim_ascii()
        .strip_prefix(b"{")
        .and_then(|list| list.strip_suffix(b"}"));
    items.is_some_and(|items| {
        items.split(|byte| *byte == b',').all(|item| {
            let value = item
                .iter()
                .rposition(|byte| *byte == b':')
                .map(|colon| item[colon + 1..].trim_ascii());
            value.is_some_and(|value| value == b"null" || words::is_count(value))
        })
    })
}

/// The same in the line of the bracket, or where that ends. Looks at twice as much as there is up to there: more would be looked at
/// again for each name in it.
fn close_in_line(text: &[u8], at: usize) -> usize {
    let mut length = LONGEST_LIST;
    loop {
        let reach = text.len().min(at + length);
        let end = line_end(&text[..reach], at);
        if let Some(close) = close(&text[..end], at) {
            return close;
        }
        if end < reach || reach == text.len() {
            return end;
        }
        length *= 2;
    }
}

/// Behind the bracket that closes the one at `at`; strings are passed over, and other brackets.
fn close(text: &[u8], at: usize) -> Option<usize> {
    let (opens, closes) = if text.get(at) == Some(&b'[') {
        (b'[', b']')
    } else {
        (b'{', b'}')
    };
    let mut depth = 0_usize;
    let mut place = at;
    while let Some(&byte) = text.get(place) {
        match byte {
            _ if byte == opens => depth += 1,
            _ if byte == closes => {
                depth -= 1;
                if depth == 0 {
                    return Some(place + 1);
                }
            }
            b'"' | b'\\' => {
                if let Some(quote) = quote_at(text, place).filter(|quote| quote.is_double()) {
                    place = quote_end(text, place + quote.len(), quote)?.behind;
                    continue;
                }
            }
            b'\''
                if matches!(
                    text[place - 1],
                    b'[' | b'{' | b'(' | b',' | b' ' | b':' | b'='
                ) =>
            {
                if let Some(end) = string_end(text, place) {
                    place = end;
                    continue;
                }
            }
            _ => {}
        }
        place += 1;
    }
    None
}

/// The longest string in single marks that is passed over; where none closes it, it is an apostrophe.
const LONGEST_STRING: usize = 256;

/// Behind the string in single marks that begins at `place`.
fn string_end(text: &[u8], place: usize) -> Option<usize> {
    let quote = quote_at(text, place)?;
    let reach = text.len().min(place + LONGEST_STRING);
    quote_end(&text[..reach], place + quote.len(), quote).map(|closed| closed.behind)
}
