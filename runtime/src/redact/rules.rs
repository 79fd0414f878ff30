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
    let mut parts = near(text.as_bytes(), &range).windows(PLACEHOLDER.len());
    parts.any(|part| part == PLACEHOLDER.as_bytes())
}

/// All of the text in which a placeholder may stand that has the range in it: so that many matches are not dearer than
/// they are long.
fn near<'t>(text: &'t [u8], range: &Range<usize>) -> &'t [u8] {
    let length = PLACEHOLDER.len();
    let first = range.end.saturating_sub(length);
    let last = text.len().min(range.start + length);
    text.get(first..last).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Range, Rules, near};

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
    fn of_a_long_text_only_what_is_near_a_match_is_looked_at() {
        let text = vec![b'x'; 1_000_000];
        let seen = |range: Range<usize>| near(&text, &range).len();
        // From ten bytes before the end of the match to ten behind its beginning.
        assert_eq!(seen(500_000..500_001), 19);
        assert_eq!(seen(500_000..500_010), 10);
        assert_eq!(seen(500_000..900_000), 0);
        assert_eq!((seen(0..1), seen(999_999..1_000_000)), (10, 10));
    }

    #[test]
    fn every_match_of_many_is_hidden() {
        let shown = filtered("x", &"x ".repeat(2_000));
        assert_eq!(shown, "[REDACTED] ".repeat(2_000));
    }
}
