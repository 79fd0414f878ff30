//! What holds of the filter for every text. Shared by the seeded run and the fuzz targets.

use std::borrow::Cow;

use serde_json::Value;
use wait_or_die::redact::Filter;

/// Whether everything that is promised for every text holds for this one; if not, what does not.
///
/// # Errors
/// The promise that is broken, with the texts that show it.
pub(crate) fn hold(filter: &Filter, text: &str) -> Result<(), String> {
    let out = filter.filter(text);
    // Whether a text is allocated tells whether it was changed.
    match &out {
        Cow::Borrowed(same) if *same != text => {
            return Err(format!("borrowed, but not the text: {same:?}"));
        }
        Cow::Owned(same) if same == text => return Err("a copy of what was not changed".to_owned()),
        _ => {}
    }
    let again = filter.filter(&out);
    if again != out {
        return Err(format!("not idempotent: {out:?}, then {again:?}"));
    }
    if is_json(text) && !is_json(&out) {
        return Err(format!("was JSON and is not: {out:?}"));
    }
    Ok(())
}

/// An object or an array; a number on its own is any text with digits.
fn is_json(text: &str) -> bool {
    matches!(
        serde_json::from_str(text),
        Ok(Value::Object(_) | Value::Array(_))
    )
}

/// Bytes of a secret that are too many to be shown.
pub(crate) const SHOWN: usize = 8;

/// Whether `out` shows the secret, or eight bytes of it in a row.
pub(crate) fn shows(out: &str, secret: &str) -> bool {
    secret
        .as_bytes()
        .windows(SHOWN)
        .any(|part| out.as_bytes().windows(SHOWN).any(|seen| seen == part))
}

/// The shortest text for which `fails` still holds that leaving out parts of it leads to.
pub(crate) fn shrink(text: &str, fails: impl Fn(&str) -> bool) -> String {
    let mut text: Vec<char> = text.chars().collect();
    let mut size = text.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at + size <= text.len() {
            let shorter: String = text
                .iter()
                .take(at)
                .chain(text.iter().skip(at + size))
                .collect();
            if fails(&shorter) {
                text = shorter.chars().collect();
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    text.into_iter().collect()
}
