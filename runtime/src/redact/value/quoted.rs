//! Values in quotation marks, at any depth of escapes.

use super::super::PLACEHOLDER;
use super::super::keys::{Key, Kind};
use super::super::out::Hide;
use super::lead::{Lead, Led, name_start};
use super::quote::{Closed, Quote, close, quote_at};
use super::{announced, has_digit, is_hidden, words};

pub(super) fn hide(text: &[u8], key: &Key, led: &Led) -> Option<Hide> {
    let quote = quote_at(text, led.at)?;
    let open = led.at + quote.len();
    // Where it may turn out to be none, it is not looked at further than such a value is long.
    let is_sure = !matches!(led.lead, Lead::Pair | Lead::Beside)
        && !matches!(
            key.kind,
            Kind::Maybe | Kind::Query | Kind::Number | Kind::Numbered
        );
    let reach = if is_sure {
        text.len()
    } else {
        text.len().min(open + words::LONGEST_RANDOM)
    };
    let start = announced::behind_scheme(text, open, reach);
    // Behind an option another one follows: that is seen before the end is looked for, which may be far.
    let is_option = led.lead == Lead::Flag && text.get(start) == Some(&b'-');
    if is_option || is_done(text, start) {
        return None;
    }
    let closed = match close(&text[..reach], open, quote) {
        Some(closed) => closed,
        None if !is_sure => return None,
        None => unclosed(text, start, quote),
    };
    let (end, resume) = (closed.end, closed.behind);
    let value = text.get(start..end)?;
    if key.kind == Kind::Token && is_of_model(text, resume) {
        return None;
    }
    let is_hidden = match led.lead {
        Lead::Pair => {
            (is_pair(text, key, led, resume) || words::is_random(unquoted(value), 16))
                && is_hidden(value, key, led)
        }
        Lead::Beside => {
            has_digit(value)
                && value.len() >= 6
                && !value.contains(&b' ')
                && !words::is_placeholder(value)
        }
        Lead::Said => value.len() >= 4 && !words::is_placeholder(value),
        _ => is_hidden(value, key, led),
    };
    is_hidden.then_some(Hide::between(start, end, resume))
}

/// Whether the value was hidden to the end of its line, since no mark closed it.
fn is_done(text: &[u8], start: usize) -> bool {
    let behind = text
        .get(start..)
        .and_then(|rest| rest.strip_prefix(PLACEHOLDER.as_bytes()));
    matches!(behind, Some([] | [b'\n', ..]))
}

/// A value that is cut off goes on to the end; behind an apostrophe, which may be none, to the end of its line.
fn unclosed(text: &[u8], start: usize, quote: Quote) -> Closed {
    let end = if quote.is_double() {
        text.len()
    } else {
        super::line_end(text, start)
    };
    Closed { end, behind: end }
}

/// Whether a likelihood follows, as of the tokens of a language model: `"token": " the", "logprob": -0.1`.
fn is_of_model(text: &[u8], behind: usize) -> bool {
    let rest = text.get(behind..).unwrap_or_default();
    let rest = &rest[..rest.len().min(8)];
    rest.strip_prefix(b",")
        .is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\"logp"))
}

/// Without marks of its own inside: `'"value"'`.
fn unquoted(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., b'"'] => inner,
        _ => value,
    }
}

/// `("name", "value")` or `["name", "value"]`, and not a longer list, nor one of names.
fn is_pair(text: &[u8], key: &Key, led: &Led, resume: usize) -> bool {
    let name = name_start(text, key.start);
    let opens = name
        .checked_sub(led.quote.map_or(1, Quote::len))
        .and_then(|at| text.get(..at));
    let opens = opens.map(<[u8]>::trim_ascii_end);
    let is_open = matches!(opens, Some([.., b'(' | b'[']))
        || led.quote.is_none() && text[..name].ends_with(b"{");
    let closes = super::lead::skip_blanks(text, resume);
    let is_closed = matches!(text.get(closes), Some(b')' | b']' | b'}'));
    let start = led.at + quote_at(text, led.at).map_or(0, Quote::len);
    let is_name = text.get(start..resume).is_some_and(|value| {
        value.len() <= 24
            && value.iter().all(|byte| {
                byte.is_ascii_lowercase() || matches!(byte, b'_' | b'"' | b'\'' | b'\\')
            })
    });
    is_open && is_closed && !is_name
}
