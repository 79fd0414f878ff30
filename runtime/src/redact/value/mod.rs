//! The value of a name: where it stands, how far it goes, whether it is one.

mod announced;
mod bare;
mod block;
mod code;
mod lead;
mod lists;
mod nested;
mod prose;
mod quote;
mod quoted;
mod strings;
mod tagged;
#[cfg(test)]
mod tests;
mod words;

use super::PLACEHOLDER;
use super::keys::{self, Key, Kind};
use super::out::{Hide, Style};
use lead::{Lead, Led};
pub(super) use quote::{Quote, close as quoted_end, opens, quote_at};
pub(super) use strings::Strings;
pub(super) use words::is_placeholder;

/// What to hide of the value of `key`, which ends before `end`.
pub(super) fn of(text: &[u8], key: &Key, end: usize, strings: &Strings) -> Option<Hide> {
    let led = lead::led(text, key, end)?;
    if is_user(text, key, &led) {
        return None;
    }
    let is_numbered = text
        .get(end..led.at)
        .is_some_and(|between| between.contains(&b'#'));
    if key.kind == Kind::Query && !led.in_query || key.kind == Kind::Numbered && !is_numbered {
        return None;
    }
    let mut led = inside(text, led)?;
    if led.lead == Lead::Told
        && let Some(value) = code::behind_type(text, led.at)
    {
        led.at = value;
        led.lead = Lead::Assigned;
    }
    if is_tally(text, key, end, &led) || code::is_template(text, led.at) || is_resource(text, key) {
        return None;
    }
    let login = second_of_login(text, key, end, &led);
    let key = &Key {
        kind: if login.is_some() {
            Kind::Secret
        } else {
            key.kind
        },
        ..*key
    };
    if let Some(password) = login {
        led.at = password;
        led.lead = Lead::Wrapped;
    }
    // Asked for late, since it takes long.
    if keys::is_plain(text, key) {
        return None;
    }
    let marked = led.at + letters_before_mark(text.get(led.at..)?);
    let text = if may_cross(text, key, &led, marked) {
        strings.clip(text, end.saturating_sub(1))
    } else {
        text
    };
    if marked < text.len() {
        led.at = marked;
    }
    let mut hide = match text.get(led.at)? {
        b'[' | b'{' if led.may_nest() => nested::hide(text, key, &led),
        b'|' | b'>' if led.lead == Lead::Told && block::is_mark(text, led.at) => {
            block::hide(text, led.at)
        }
        _ if quote_at(text, led.at).is_some() => quoted::hide(text, key, &led),
        _ => bare::hide(text, key, &led),
    }?;
    if hide.style == Style::Plain && is_account(text, key, end) {
        hide.style = Style::LastFour;
    }
    Some(hide)
}

/// The name of a resource: `arn:aws:secretsmanager:eu-west-1:123456789012:secret:db`.
fn is_resource(text: &[u8], key: &Key) -> bool {
    let before = text[..key.start].strip_suffix(b":").unwrap_or_default();
    let digits = before.iter().rev().take_while(|byte| byte.is_ascii_digit());
    if digits.take(13).count() != 12 {
        return false;
    }
    let region = &before[before.len().saturating_sub(LONGEST_RESOURCE)..];
    let mut words = region.rsplit(|byte| byte.is_ascii_whitespace() || b"\"'=(,".contains(byte));
    words.next().is_some_and(|word| word.starts_with(b"arn:"))
}

/// The longest beginning of the name of a resource, up to the number of an account.
const LONGEST_RESOURCE: usize = 64;

/// The longest password of a URL behind a user who is called like a secret.
const LONGEST_LOGIN: usize = 256;

/// The user of a URL, behind whom a password stands: `https://x-access-token:..@github.com`.
fn is_user(text: &[u8], key: &Key, led: &Led) -> bool {
    let before = &text[..lead::name_start(text, key.start)];
    let rest = text.get(led.at..).unwrap_or_default();
    before.ends_with(b"//")
        && text[..led.at].ends_with(b":")
        && rest
            .iter()
            .take(LONGEST_LOGIN)
            .take_while(|byte| !byte.is_ascii_whitespace() && !b"\"'/?#&;,".contains(byte))
            .any(|byte| *byte == b'@')
}

/// The longest name of a user before a password.
const LONGEST_USER: usize = 96;

/// The password of a user and a password: `auth=("anna", "..")`, `BasicAuth("anna", "..")`, `NetworkCredential("anna", "..")`.
fn second_of_login(text: &[u8], key: &Key, end: usize, led: &Led) -> Option<usize> {
    let name = text.get(key.start..end)?;
    let is_login = [&b"auth"[..], b"credential", b"credentials"]
        .iter()
        .any(|known| {
            let end = name.get(name.len().saturating_sub(known.len())..);
            end.is_some_and(|end| end.eq_ignore_ascii_case(known))
        });
    let is_open = led.lead == Lead::Wrapped || text.get(led.at) == Some(&b'(');
    if !is_login || !is_open {
        return None;
    }
    let user = led.at + usize::from(text.get(led.at) == Some(&b'('));
    let quote = quote_at(text, user)?;
    let open = user + quote.len();
    let closed = quote::close_in_line(&text[..text.len().min(open + LONGEST_USER)], open, quote)?;
    let comma = lead::skip_blanks(text, closed.behind);
    let password = lead::skip_blanks(text, comma + 1);
    (text.get(comma) == Some(&b',') && quote_at(text, password).is_some()).then_some(password)
}

/// Whether the name is one of cards or accounts, of whose numbers some programs show the last digits.
fn is_account(text: &[u8], key: &Key, end: usize) -> bool {
    let names: [&[u8]; 6] = [b"card", b"acc", b"cc_", b"iban", b"credit", b"debit"];
    let name = text.get(key.start..end).unwrap_or_default();
    matches!(key.kind, Kind::Number | Kind::Numbered)
        && names.iter().any(|start| {
            name.get(..start.len())
                .is_some_and(|name| name.eq_ignore_ascii_case(start))
        })
}

/// Counts of what passed, and numbers of pins: `pass: 12`, `pin=7`.
fn is_tally(text: &[u8], key: &Key, end: usize, led: &Led) -> bool {
    let most = match text.get(key.start..end) {
        Some(name) if name.eq_ignore_ascii_case(b"pass") => 3,
        Some(name) if name.eq_ignore_ascii_case(b"pin") => 2,
        _ => return false,
    };
    let rest = text.get(led.at..).unwrap_or_default();
    let digits = rest
        .iter()
        .take(most + 1)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    (1..=most).contains(&digits)
        && !matches!(rest.get(digits), Some(byte) if !byte.is_ascii_whitespace() && !b",;)]}".contains(byte))
}

/// Whether the value may seem to go on over the end of the string in which its name stands.
fn may_cross(text: &[u8], key: &Key, led: &Led, marked: usize) -> bool {
    !led.quote.is_some_and(Quote::is_plain)
        && (key.kind == Kind::Header
            || led.lead == Lead::Element
            || matches!(text.get(led.at), Some(b'[' | b'{' | b'-'))
            || quote_at(text, marked).is_some()
            || announced::behind_scheme(text, led.at, text.len()) != led.at)
}

fn line_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(rest.len())
}

impl Led {
    fn may_nest(&self) -> bool {
        matches!(self.lead, Lead::Assigned | Lead::Told | Lead::Named)
    }

    /// How a value without marks of its own is replaced, which ends at `end`: JSON stays JSON.
    fn style(&self, text: &[u8], end: usize) -> Style {
        let is_marked = matches!(
            text.get(end),
            Some(b'"' | b'\'' | b'`' | b'\\' | b'%' | b'&')
        );
        match self.quote {
            Some(quote) if matches!(self.lead, Lead::Told | Lead::Named) && !is_marked => {
                Style::Quoted(quote)
            }
            _ => Style::Plain,
        }
    }
}

/// Most that a value may be wrapped: `Some(Secret(Token("..")))`.
const MOST_WRAPPERS: usize = 4;

/// Goes into what a value is wrapped in; `None` if there is a call, which is a piece of a program.
fn inside(text: &[u8], mut led: Led) -> Option<Led> {
    for _ in 0..MOST_WRAPPERS {
        led.at += if text.get(led.at..)?.starts_with(b"new ") {
            4
        } else {
            0
        };
        let rest = text.get(led.at..)?;
        if let Some(argument) = quoted_argument(text, led.at) {
            // The name of a variable or of a header is no secret: `env("API_KEY")`.
            led.at = argument;
            led.lead = Lead::Wrapped;
            return (!is_quoted_name(text, argument)).then_some(led);
        }
        let name = rest
            .iter()
            .take(32)
            .take_while(|byte| byte.is_ascii_alphabetic() || b"_:&".contains(byte))
            .count();
        if name == 0 || rest.get(name) != Some(&b'(') || letters_before_mark(rest) > 0 {
            break;
        }
        let behind = behind_bracket(text, led.at + name + 1);
        if rest[0].is_ascii_uppercase() && (is_wrapper(&rest[..name]) || opens_again(text, behind))
        {
            led.at = behind;
            led.lead = Lead::Wrapped;
        } else if code::is_call(&rest[name + 1..rest.len().min(LONGEST_CALL)]) {
            return None;
        } else {
            break;
        }
    }
    Some(led)
}

/// Where the value is in a wrapper that opens before `at`: perhaps in the next line, if another wrapper, a number or a mark is there.
/// A word would be the next name.
fn behind_bracket(text: &[u8], at: usize) -> usize {
    let next = lead::skip_space(text, at);
    let is_value = opens_again(text, next) || text.get(next).is_some_and(u8::is_ascii_digit);
    if is_value {
        next
    } else {
        lead::skip_blanks(text, at)
    }
}

/// Where the text is that a call or a subscript takes which begins at `at`.
fn quoted_argument(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let is_path = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_.:".contains(byte);
    let name = rest.iter().take(LONGEST_NAME).take_while(is_path).count();
    let is_program =
        rest.first()?.is_ascii_lowercase() && matches!(rest.get(name), Some(b'(' | b'['));
    let argument = at + name + 1;
    (is_program && quote_at(text, argument).is_some()).then_some(argument)
}

/// Letters in quotation marks.
fn is_quoted_name(text: &[u8], at: usize) -> bool {
    let start = at + quote_at(text, at).map_or(0, Quote::len);
    let rest = text.get(start..).unwrap_or_default();
    let is_letter = |byte: &&u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.');
    let name = rest.iter().take(LONGEST_NAME).take_while(is_letter).count();
    quote_at(text, start + name).is_some()
}

/// The longest name of a function or of a variable that is seen as one.
const LONGEST_NAME: usize = 64;

/// The longest call that is seen as one.
const LONGEST_CALL: usize = 128;

fn is_wrapper(name: &[u8]) -> bool {
    let names: [&[u8]; 9] = [
        b"Some",
        b"Ok",
        b"Just",
        b"Secret",
        b"Password",
        b"Token",
        b"String",
        b"SecretString",
        b"Cow",
    ];
    names.contains(&name)
}

/// A quoted text or another wrapper follows.
fn opens_again(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let name = rest
        .iter()
        .take(32)
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let is_again =
        rest.first().is_some_and(u8::is_ascii_uppercase) && rest.get(name) == Some(&b'(');
    is_again || quote_at(text, at + letters_before_mark(rest)).is_some()
}

/// `b".."`, `r#".."`, PHP's `string(8) ".."`: what may stand before the mark of a text.
fn letters_before_mark(rest: &[u8]) -> usize {
    if let Some(sized) = rest.strip_prefix(b"string(") {
        let digits = sized
            .iter()
            .take(8)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        return if sized[digits..].starts_with(b") \"") {
            rest.len() - sized.len() + digits + 2
        } else {
            0
        };
    }
    let marked = rest
        .iter()
        .take(3)
        .position(|byte| matches!(byte, b'"' | b'\''));
    marked
        .filter(|mark| {
            rest[..*mark]
                .iter()
                .all(|byte| b"bBrRfFuUnNeEL@#<".contains(byte))
        })
        .unwrap_or(0)
}

/// Whether a value of this kind is hidden where it stands.
fn is_hidden(value: &[u8], key: &Key, led: &Led) -> bool {
    if is_placeholder(value) || words::is_harmless(shown(value), key.kind, key.is_plural) {
        return false;
    }
    match led.lead {
        Lead::Beside => is_telling(value, key, led),
        Lead::Said => has_digit(value) && value.len() >= 6,
        _ => match key.kind {
            Kind::Maybe if !led.in_query => is_drawn(value, key),
            _ => true,
        },
    }
}

/// The value up to what was hidden in it as something else: it was shown for what it is without that.
fn shown(value: &[u8]) -> &[u8] {
    let hidden = value
        .windows(PLACEHOLDER.len())
        .position(|part| part == PLACEHOLDER.as_bytes());
    hidden.filter(|at| *at > 0).map_or(value, |at| &value[..at])
}

fn has_digit(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_digit)
}

/// Whether a word that stands beside a name, and not behind a sign, is its value: only where it cannot be anything else.
fn is_telling(value: &[u8], key: &Key, led: &Led) -> bool {
    if matches!(key.kind, Kind::Number | Kind::Numbered) {
        return value.iter().filter(|byte| byte.is_ascii_digit()).count() >= 4;
    }
    let is_mixed = || {
        let has = |is: fn(&u8) -> bool| value.iter().any(is);
        let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
        has(u8::is_ascii_alphabetic)
            && value.iter().all(is_token)
            && match value.len() {
                0..10 => false,
                10..32 => has(u8::is_ascii_digit),
                _ => has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase),
            }
    };
    !words::is_uuid(value) && (words::is_random(value, 16) || led.is_joined && is_mixed())
}

/// Under a name that says little: drawn at random, and no identifier.
fn is_drawn(value: &[u8], key: &Key) -> bool {
    if words::is_uuid(value) {
        key.is_capital
    } else {
        words::is_random(value, 14)
    }
}
