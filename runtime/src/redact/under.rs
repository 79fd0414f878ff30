//! A value that stands under a name, but not behind it in one text.

use super::keys::{self, Kind};
use super::{SafeText, process};

/// What of `value`, which has gone through the filter, may be shown under `name`: nothing where the name says that it
/// is a secret, be it one of several words, or where both together would be changed. A number or a boolean is judged
/// only together with its name: there are tokens that are counted.
pub(crate) fn under(name: &str, value: SafeText) -> SafeText {
    let text = value.as_str();
    let is_plain = text.parse::<f64>().is_ok() || text.parse::<bool>().is_ok();
    if !is_plain && hides(name) || is_changed(name, text) {
        return SafeText::withheld();
    }
    value
}

/// Whether the filter of the process hides what stands under `name`, whatever it is.
pub(super) fn hides(name: &str) -> bool {
    let filter = process::current();
    let assigned = format!("{name}=");
    let text = assigned.as_bytes();
    keys::ending_at(text, name.len(), filter.keys, filter.allowed_keys)
        .filter(|key| matches!(key.kind, Kind::Secret | Kind::Token | Kind::Header))
        .is_some_and(|key| !keys::is_plain(text, &key))
}

fn is_changed(name: &str, value: &str) -> bool {
    let text = format!("{name}={value}");
    process::current().filter(&text) != text
}

#[cfg(test)]
mod tests {
    use super::under;
    use crate::SafeText;

    fn shown(name: &str, text: &'static str) -> String {
        under(name, text.into()).to_string()
    }

    #[test]
    fn a_secret_by_its_name_is_hidden_whole() {
        assert_eq!(shown("password", "my two words"), "[REDACTED]");
        assert_eq!(shown("password", ""), "[REDACTED]");
        assert_eq!(shown("path", "my two words"), "my two words");
        assert_eq!(shown("path", ""), "");
        assert_eq!(shown("next_page_token", "my two words"), "my two words");
    }

    #[test]
    fn under_a_name_that_says_little_the_value_decides() {
        assert_eq!(shown("session", "kT9rW2mZ4qLx7Vb1"), "[REDACTED]");
        assert_eq!(shown("session", "of the afternoon"), "of the afternoon");
        assert_eq!(shown("card_number", "4111111111111111"), "[REDACTED]");
    }

    #[test]
    fn numbers_and_booleans_are_judged_with_their_name() {
        assert_eq!(shown("pin", "4711"), "[REDACTED]");
        assert_eq!(shown("tokens", "512"), "512");
        assert_eq!(shown("token", "true"), "true");
    }

    #[test]
    fn plain_values_under_other_names_stay() {
        for text in [
            "512",
            "-0.5",
            "true",
            "https://anna:[REDACTED]@example.com/v1?page=2",
        ] {
            let value = SafeText::from(text);
            assert_eq!(under("max_attempts", value.clone()), value);
        }
    }
}
