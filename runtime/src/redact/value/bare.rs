//! Values without quotation marks: they go to their delimiter.

use super::super::keys::{Key, Kind};
use super::super::numbers;
use super::super::out::Hide;
use super::super::pem;
use super::announced::{credentials, unknown_scheme};
use super::lead::skip_blanks;
use super::lead::{Lead, Led};
use super::quote::{close_in_line, quote_at};
use super::{code, has_digit, is_hidden, words};

pub(super) fn hide(text: &[u8], key: &Key, led: &Led) -> Option<Hide> {
    if led.lead == Lead::Element {
        return element(text, key, led);
    }
    if let Some(block) = pem::block_at(text, led.at) {
        return Some(Hide::between(block.start, block.end, block.end));
    }
    // Where it may turn out to be none, it is not looked at further than such a value is long.
    let is_sure = led.in_query
        || !matches!(
            key.kind,
            Kind::Maybe | Kind::Query | Kind::Number | Kind::Numbered
        );
    let reach = if is_sure {
        text.len()
    } else {
        text.len().min(led.at + words::LONGEST_RANDOM + 1)
    };
    let text = &text[..reach];
    let behind = credentials(text, led).or_else(|| unknown_scheme(text, key, led));
    let start = behind.unwrap_or(led.at);
    if code::is_template(text, start) {
        return None;
    }
    let mut end = value_end(
        text,
        start,
        start,
        led,
        behind.is_some() || key.kind == Kind::Header,
    );
    if text.get(end) == Some(&b' ')
        && let Some(number) = numbers::number_at(text, start).filter(|number| number.end > end)
    {
        end = end_behind(text, start, number.end, led);
    }
    if start == end {
        return None;
    }
    let value = text.get(start..end)?;
    (is_value(text, value, end, key, led) && is_hidden(value, key, led)).then(|| {
        let style = if value.starts_with(b"[") {
            super::Style::Plain
        } else {
            led.style(text, end)
        };
        Hide::styled(start, end, style)
    })
}

/// Where a value ends of which everything up to `from` was found otherwise: what follows at once belongs to it, as it would if a
/// placeholder stood there.
pub(super) fn end_behind(text: &[u8], start: usize, from: usize, led: &Led) -> usize {
    value_end(text, start, from, led, false)
}

/// Where the value that begins at `start` ends, from `from` on; one of several parts with the last of them.
fn value_end(text: &[u8], start: usize, from: usize, led: &Led, has_parts: bool) -> usize {
    let mut end = end_of(text, start, from, led);
    while has_parts && let Some(next) = next_part(text, end, led) {
        let behind = end_of(text, start, next, led);
        if behind <= end {
            break;
        }
        end = behind;
    }
    end
}

/// Where it goes on behind `end`: `a=1; b=2`, `Credential=.., Signature=..`, `username="..", realm=".."`.
fn next_part(text: &[u8], end: usize, led: &Led) -> Option<usize> {
    if let Some([mark @ (b',' | b';'), ..]) = text.get(end..) {
        let next = skip_blanks(text, end + 1);
        let is_part = is_name_next(text, next)
            || *mark == b';' && text.get(next).is_some_and(u8::is_ascii_alphabetic);
        return is_part.then_some(next);
    }
    if led.quote.is_some() || !text[..end].ends_with(b"=") {
        return None;
    }
    let quote = quote_at(text, end)?;
    Some(close_in_line(text, end + quote.len(), quote).map_or(text.len(), |closed| closed.behind))
}

/// Whether it is a value, and no piece of a message or of a program.
fn is_value(text: &[u8], value: &[u8], end: usize, key: &Key, led: &Led) -> bool {
    // No message is that long, and what stays is read again for the next name in it.
    if value.len() > words::LONGEST_RANDOM {
        return true;
    }
    let is_wordlike = value
        .iter()
        .all(|byte| byte.is_ascii_alphabetic() || b"'-_&".contains(byte));
    let goes_on = matches!(text.get(end..), Some([b' ', next, ..]) if next.is_ascii_alphabetic());
    let ends_with = text.get(end);
    match led.lead {
        Lead::Told if words::is_saying(value) && (goes_on || is_wordlike) => false,
        // Of several a sentence goes on: `cannot take tokens: queue full`.
        Lead::Told if key.is_plural && is_wordlike && goes_on => false,
        Lead::Told | Lead::Wrapped if words::is_type(value) => false,
        // The parameters of a function: `SetPassword(password string)`.
        Lead::Wrapped if ends_with == Some(&b' ') => false,
        Lead::Assigned if is_wordlike && key.kind != Kind::Secret && is_compared(text, led.at) => {
            false
        }
        // `private_key='..'` is a name, and no value of another.
        Lead::Beside if matches!(ends_with, Some(b'\'' | b'"' | b'`')) => false,
        Lead::Said => !words::is_saying(value) && has_digit(value),
        Lead::Flag => {
            !value.starts_with(b"-") && !words::is_saying(value) && !words::is_type(value)
        }
        // What a test runner tells: `PASS: test_login`.
        Lead::Told if is_test(text, key, value) => false,
        // `self.password = password`
        Lead::Assigned | Lead::Told if is_wordlike && is_own(text, key, value) => false,
        // `credentials: user: "anna"`
        Lead::Assigned | Lead::Told
            if value.ends_with(b":")
                && is_quote(ends_with)
                && is_word(&value[..value.len() - 1]) =>
        {
            false
        }
        // A variable of a program, a generic type.
        _ if is_wordlike && ends_with == Some(&b'<') => false,
        Lead::Assigned | Lead::Told
            if code::is_expression(value, ends_with.copied(), key.kind == Kind::Secret) =>
        {
            false
        }
        // `?key=size`
        _ if led.in_query && key.kind == Kind::Maybe => {
            !(value.len() < 12 && is_word(value) && is_called(text, key, b"key"))
        }
        _ => !(is_member(value) && (key.kind != Kind::Secret || words::is_of_program(value))),
    }
}

fn is_quote(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b'"' | b'\'' | b'`'))
}

/// Whether the name is this word and ends with it.
fn is_called(text: &[u8], key: &Key, word: &[u8]) -> bool {
    text.get(key.start..)
        .is_some_and(|name| name.starts_with(word) && !name[word.len()..].starts_with(b"_"))
}

fn is_test(text: &[u8], key: &Key, value: &[u8]) -> bool {
    let starts = value
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case(b"test"));
    let name = super::lead::name_start(text, key.start);
    let before = &text[..name];
    let is_result = matches!(before, [] | [.., b'\n']) || before.ends_with(b"--- ");
    starts && is_result && text[name..].starts_with(b"PASS:")
}

/// The name of a variable as that of a field: `this.token = token`.
fn is_own(text: &[u8], key: &Key, value: &[u8]) -> bool {
    let name = super::lead::name_start(text, key.start);
    let (field, name) = (&text[name..], &text[key.start..]);
    let is_field = field.starts_with(b"self.") || field.starts_with(b"this.");
    is_field && name.starts_with(value)
}

/// `token != expected`
fn is_compared(text: &[u8], at: usize) -> bool {
    let before = text[..at].trim_ascii_end();
    before.ends_with(b"!=") || before.ends_with(b"==")
}

/// `process.env.API_KEY`, `config.token`: letters, joined by full stops.
fn is_member(value: &[u8]) -> bool {
    value.contains(&b'.')
        && value.split(|byte| *byte == b'.').all(|part| {
            !part.is_empty()
                && part
                    .iter()
                    .all(|byte| byte.is_ascii_alphabetic() || *byte == b'_')
        })
}

/// The longest text of an element that is looked through for its end.
const LONGEST_ELEMENT: usize = 512;

/// The value of an element goes to the tag that closes it; where none comes soon, to a blank.
fn element(text: &[u8], key: &Key, led: &Led) -> Option<Hide> {
    let rest = text.get(led.at..)?;
    if rest.starts_with(b"<![CDATA[") {
        return section(text, key, led);
    }
    let length = match rest
        .iter()
        .take(LONGEST_ELEMENT)
        .position(|byte| *byte == b'<')
    {
        Some(tag) if rest.get(tag + 1) == Some(&b'/') => tag,
        Some(_) => return None,
        None => rest
            .iter()
            .position(|byte| byte.is_ascii_whitespace() || *byte == b'<')
            .unwrap_or(rest.len()),
    };
    // `--password <PASSWORD>  the password of the user`
    if rest.get(length) == Some(&b' ') {
        return None;
    }
    let value = rest[..length].trim_ascii_end();
    is_hidden(value, key, led).then(|| Hide::between(led.at, led.at + value.len(), led.at + length))
}

/// The bytes of `<![CDATA[`.
const CDATA: usize = 9;

/// A text that is quoted in XML's way goes to its own end.
fn section(text: &[u8], key: &Key, led: &Led) -> Option<Hide> {
    let start = led.at + CDATA;
    let rest = text.get(start..)?;
    let length = rest.windows(3).position(|end| end == b"]]>");
    let end = start + length.unwrap_or(rest.len());
    let value = text[start..end].trim_ascii_end();
    is_hidden(value, key, led).then(|| Hide::between(start, start + value.len(), end))
}

/// Where the value that begins at `start` ends.
pub(super) fn end_of(text: &[u8], start: usize, from: usize, led: &Led) -> usize {
    let mut open = 0_u32;
    let mut is_angle_open = false;
    let mut at = from;
    while let Some(&byte) = text.get(at) {
        let ends = match byte {
            0..=b' ' | b'"' | b'`' => true,
            b'(' | b'[' | b'{' => {
                open += 1;
                false
            }
            b')' | b']' | b'}' => {
                let ends = open == 0;
                open = open.saturating_sub(1);
                ends
            }
            b'&' => led.in_query || is_name_next(text, at + 1) || is_entity(text, at),
            b'#' => led.in_query,
            b'%' => led.is_percent && is_encoded_end(text, at),
            b',' | b';' | b'|' => ends_item(text, at + 1),
            b'<' if at == start => {
                is_angle_open = true;
                false
            }
            b'>' if is_angle_open => {
                is_angle_open = false;
                false
            }
            b'<' if at - start <= LONGEST_TYPE
                && is_word(&text[start..at])
                && is_type_argument(text, at) =>
            {
                is_angle_open = true;
                false
            }
            b'\'' | b'<' | b'>' => {
                !matches!(text.get(at + 1), Some(next) if next.is_ascii_alphanumeric())
            }
            b'\\' => matches!(
                text.get(at + 1),
                None | Some(b'n' | b'r' | b't' | b'"' | b'\'' | b'\\' | b'u')
            ),
            _ => false,
        };
        if ends {
            break;
        }
        at += 1;
    }
    without_stop(text, start, at)
}

/// The longest name of a type before its arguments.
const LONGEST_TYPE: usize = 40;

fn is_word(value: &[u8]) -> bool {
    value.iter().all(u8::is_ascii_alphabetic)
}

/// `<String>`
fn is_type_argument(text: &[u8], at: usize) -> bool {
    let rest = text.get(at + 1..).unwrap_or_default();
    let name = rest
        .iter()
        .take(40)
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"&':_".contains(byte))
        .count();
    rest.first().is_some_and(u8::is_ascii_uppercase) && rest.get(name) == Some(&b'>')
}

/// A mark at the end of a sentence is none of the value: `account number: 12: rejected`.
fn without_stop(text: &[u8], start: usize, end: usize) -> usize {
    let is_stop = end > start + 1 && matches!(text[end - 1], b'.' | b':' | b',' | b';');
    let is_last = !matches!(text.get(end), Some(next) if !next.is_ascii_whitespace());
    if is_stop && is_last { end - 1 } else { end }
}

/// `&name=` follows.
pub(super) fn is_name_next(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let name = rest
        .iter()
        .take(40)
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.[]".contains(byte))
        .count();
    name > 0 && rest.get(name) == Some(&b'=')
}

/// `&amp;`, `&quot;`
fn is_entity(text: &[u8], at: usize) -> bool {
    let rest = &text[at..];
    [&b"&amp;"[..], b"&quot;", b"&lt;", b"&gt;", b"&#"]
        .iter()
        .any(|entity| rest.starts_with(entity))
}

/// An encoded `&`, `#`, `;`, `"`, `}` or blank.
fn is_encoded_end(text: &[u8], at: usize) -> bool {
    let Some([_, a, b, ..]) = text.get(at..) else {
        return true;
    };
    matches!(
        (a, b.to_ascii_uppercase()),
        (b'2', b'6' | b'3' | b'2' | b'7' | b'0' | b'C') | (b'3', b'B') | (b'7', b'D')
    )
}

/// Whether a `,` or `;` before `at` ends the value rather than being a part of it.
fn ends_item(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        None | Some(0..=b' ' | b'"' | b'\'' | b'`' | b')' | b']' | b'}' | b'{' | b'<' | b'\\') => {
            true
        }
        Some(_) => {
            let rest = &text[at..];
            let name = rest
                .iter()
                .take(40)
                .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-. ".contains(byte))
                .count();
            name > 0 && matches!(rest.get(name), Some(b'=' | b':'))
        }
    }
}
