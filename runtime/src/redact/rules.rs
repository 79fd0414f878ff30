//! Regular expressions of the program's own.

use core::ops::Range;
use std::borrow::Cow;

use regex::{Captures, Regex};

use super::{FilterError, PLACEHOLDER};

#[derive(Clone)]
pub(super) struct Rules {
    rules: Vec<Regex>,
}

/// The group that is hidden if there is one.
const GROUP: &str = "secret";

impl Rules {
    pub(super) const fn new() -> Self {
        Self { rules: Vec::new() }
    }

    pub(super) fn add(&mut self, pattern: &str) -> Result<(), FilterError> {
        let wrong = |reason: String| FilterError::Rule {
            pattern: pattern.to_owned(),
            reason,
        };
        let rule = Regex::new(pattern).map_err(|error| wrong(error.to_string()))?;
        if rule.is_match("") {
            return Err(wrong("it matches the empty text".to_owned()));
        }
        self.rules.push(rule);
        Ok(())
    }

    pub(super) fn filter<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.rules.iter().fold(Cow::Borrowed(text), |text, rule| {
            match replaced(rule, &text) {
                Some(replaced) => Cow::Owned(replaced),
                None => text,
            }
        })
    }
}

/// The text without what the rule matches; what reads `[REDACTED]` already is left as it is, so that a second time changes nothing.
fn replaced(rule: &Regex, text: &str) -> Option<String> {
    let hidden = |captures: &Captures<'_>| {
        let whole = captures.get(0)?;
        let hidden = captures.name(GROUP).unwrap_or(whole);
        (!hidden.is_empty() && !is_hidden(text, hidden.range())).then(|| hidden.range())
    };
    let mut ranges = rule
        .captures_iter(text)
        .filter_map(|captures| hidden(&captures))
        .peekable();
    ranges.peek()?;
    let mut shown = String::with_capacity(text.len());
    let mut copied = 0;
    for range in ranges {
        shown.push_str(&text[copied..range.start]);
        shown.push_str(PLACEHOLDER);
        copied = range.end;
    }
    shown.push_str(&text[copied..]);
    Some(shown)
}

/// Whether the range lies in a placeholder, or is made of them. Looks at no more of the text than the range and the
/// length of a placeholder on either side.
fn is_hidden(text: &str, range: Range<usize>) -> bool {
    if text[range.clone()]
        .replace(PLACEHOLDER, "")
        .trim()
        .is_empty()
    {
        return true;
    }
    let length = PLACEHOLDER.len();
    let first = range.end.saturating_sub(length);
    (first..=range.start).any(|start| {
        let here = text.as_bytes().get(start..start + length);
        here == Some(PLACEHOLDER.as_bytes())
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Rules;

    fn filtered(pattern: &str, text: &str) -> String {
        let mut rules = Rules::new();
        rules.add(pattern).unwrap();
        let shown = rules.filter(text).into_owned();
        assert_eq!(rules.filter(&shown), shown, "{pattern} a second time");
        shown
    }

    #[test]
    fn the_group_is_hidden_or_else_the_whole() {
        assert_eq!(filtered(r"EMP-\d{6}", "by EMP-004711."), "by [REDACTED].");
        assert_eq!(
            filtered(r"EMP-(?<secret>\d{6})", "by EMP-004711."),
            "by EMP-[REDACTED]."
        );
    }

    #[test]
    fn a_placeholder_is_left_as_it_is() {
        for (pattern, text, expected) in [
            (r"\w+", "é ab", "[REDACTED] [REDACTED]"),
            ("RED", "[REDACTED] RED", "[REDACTED] [REDACTED]"),
            (r"\[R", "é[REDACTED]", "é[REDACTED]"),
            (r".+", "a [REDACTED]", "[REDACTED]"),
        ] {
            assert_eq!(filtered(pattern, text), expected, "{pattern} in {text}");
        }
    }

    #[test]
    #[allow(clippy::disallowed_methods)] // the time that it takes is what this is about
    fn many_matches_take_no_time_of_their_own_each() {
        let text = "x ".repeat(500_000);
        let start = Instant::now();
        assert_eq!(filtered("x", &text).len(), 500_000 * "[REDACTED] ".len());
        // Linear: well below a second even unoptimised. Once over the rest of the text for each: minutes.
        assert!(start.elapsed() < Duration::from_secs(20));
    }
}
