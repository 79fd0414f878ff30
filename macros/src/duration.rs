//! Durations as they are written: a text with units, or a number of seconds.

use std::time::Duration;

use syn::Lit;

/// Reads the literal `lit` that was written for the option `key`.
pub(crate) fn literal(key: &str, lit: &Lit) -> syn::Result<Duration> {
    let read = match lit {
        Lit::Str(text) => from_text(key, &text.value()),
        Lit::Int(int) => from_number(key, int.base10_digits(), int.suffix()),
        Lit::Float(float) => from_number(key, float.base10_digits(), float.suffix()),
        _ => Err(format!("`{key}` takes a duration; {FORMS}")),
    };
    read.map_err(|message| syn::Error::new(lit.span(), message))
}

/// What to write where a duration is wanted.
pub(crate) const FORMS: &str =
    "write `\"30s\"`, a number of seconds such as 30 or 0.5, or a `const` of type `Duration`";

/// What to write instead of a negative duration.
pub(crate) fn negative(key: &str) -> String {
    format!("`{key}` cannot be negative; write a duration such as `\"30s\"`")
}

/// `value` as short as humantime writes it, to be quoted in a message and to be copied from it.
pub(crate) fn tell(value: Duration) -> String {
    humantime::format_duration(value).to_string()
}

fn from_text(key: &str, text: &str) -> Result<Duration, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(format!(
            "`{key}` is an empty text; write a duration such as `\"30s\"`"
        ));
    }
    if trimmed.starts_with('-') {
        return Err(negative(key));
    }
    let mut sum = Duration::ZERO;
    for term in terms(trimmed) {
        let read =
            humantime::parse_duration(term).map_err(|error| explain(key, trimmed, &error))?;
        sum = sum.checked_add(read).ok_or_else(|| too_long(key))?;
    }
    Ok(sum)
}

/// The terms of a sum such as `1m 30s`, to be read one by one: on a sum beyond the largest duration
/// humantime 2.4 panics.
fn terms(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let unit = rest.find(char::is_alphabetic).unwrap_or(rest.len());
        let (number, behind) = rest.split_at(unit);
        let next = behind
            .find(|letter: char| !letter.is_alphabetic() && !letter.is_whitespace())
            .unwrap_or(behind.len());
        let (term, left) = rest.split_at(number.len() + next);
        rest = left;
        Some(term.trim_end())
    })
}

fn explain(key: &str, text: &str, error: &humantime::DurationError) -> String {
    use humantime::DurationError as Error;
    match error {
        Error::UnknownUnit { unit, .. } if unit.is_empty() => match text.parse::<f64>() {
            Ok(_) => format!(
                "`{text}` has no unit; write `\"{text}s\"`, or {text} without quotes for seconds"
            ),
            Err(_) => format!("`{text}` ends without a unit; write `\"{text}s\"`"),
        },
        Error::UnknownUnit { unit, .. } => format!(
            "`{unit}` is not a unit of time; write one of `ms`, `s`, `m`, `h` or `d`, as in `\"30s\"`"
        ),
        Error::NumberOverflow => format!(
            "`{key}` is too long or finer than a nanosecond; write a duration such as `\"30s\"`"
        ),
        _ => format!(
            "`{text}` is not a duration; write a number with a unit, such as `\"30s\"`, `\"1m30s\"` or `\"500ms\"`"
        ),
    }
}

fn from_number(key: &str, digits: &str, suffix: &str) -> Result<Duration, String> {
    if digits.starts_with('-') {
        return Err(negative(key));
    }
    let numeric = [
        "", "f32", "f64", "i32", "i64", "u8", "u16", "u32", "u64", "usize",
    ];
    if !numeric.contains(&suffix) {
        return Err(format!(
            "`{digits}{suffix}` is not a number of seconds; write `\"{digits}{suffix}\"` in quotes for a duration with a unit"
        ));
    }
    let seconds = || {
        // Whole seconds keep every digit.
        if let Ok(whole) = digits.parse() {
            return Some(Duration::from_secs(whole));
        }
        let seconds: f64 = digits.parse().ok()?;
        Duration::try_from_secs_f64(seconds).ok()
    };
    seconds().ok_or_else(|| too_long(key))
}

fn too_long(key: &str) -> String {
    format!("`{key}` is longer than any call can take; write a shorter duration such as `\"300s\"`")
}
