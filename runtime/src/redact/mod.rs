//! Text that is fit to be printed.

mod plain;

use core::fmt;
use std::borrow::Cow;

pub(crate) use self::plain::Plain;

/// What is printed in the place of a text that must not be shown.
const WITHHELD: &str = "[REDACTED]";

/// Text that is fit to be printed: everything that this crate tells goes through it.
///
/// It is made from a `&'static str`, which the programmer wrote, or by the redaction filter.
/// The filter does not let anything through yet: a text that is only known at run time, such as
/// the text of an error, reads `[REDACTED]`.
///
/// There is no `From<String>`, nor any other way around the filter, so that a forgotten path does
/// not compile:
///
/// ```compile_fail,E0277
/// let answer = String::from("401 for token s3cr3t");
/// let text = wait_or_die::SafeText::from(answer);
/// ```
///
/// ```
/// let text = wait_or_die::SafeText::from("connection refused");
/// assert_eq!(text.as_str(), "connection refused");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SafeText(Cow<'static, str>);

impl SafeText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands in the place of a text that must not be shown.
    pub(crate) const fn withheld() -> Self {
        Self(Cow::Borrowed(WITHHELD))
    }

    /// What of `value` may be shown: nothing, until there is a filter. `value` is not even formatted.
    pub(crate) fn of(_value: &(impl fmt::Display + ?Sized)) -> Self {
        Self::withheld()
    }

    /// A value of a kind that has no text of its own: a number, a boolean, a duration.
    pub(crate) fn plain(value: &impl Plain) -> Self {
        Self(Cow::Owned(value.print()))
    }
}

impl From<&'static str> for SafeText {
    fn from(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use core::fmt;
    use core::time::Duration;

    use super::SafeText;

    /// Fails the test if anything formats it.
    struct Secret;

    impl fmt::Display for Secret {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("a withheld value was formatted")
        }
    }

    #[test]
    fn a_value_is_withheld_without_being_formatted() {
        let text = SafeText::of(&Secret);
        assert_eq!(text, SafeText::withheld());
        assert_eq!(text.as_str(), "[REDACTED]");
        assert_eq!(SafeText::of("hunter2").as_str(), "[REDACTED]");
    }

    #[test]
    fn what_is_shown_is_the_text_itself() {
        let text = SafeText::from("a \"quoted\" text");
        assert_eq!(text.to_string(), "a \"quoted\" text");
        assert_eq!(format!("{text:>17}"), "  a \"quoted\" text");
        assert_eq!(format!("{text:?}"), r#""a \"quoted\" text""#);
    }

    #[test]
    fn plain_values_are_shown() {
        assert_eq!(SafeText::plain(&-7_i32).as_str(), "-7");
        assert_eq!(SafeText::plain(&0.5_f64).as_str(), "0.5");
        assert_eq!(SafeText::plain(&true).as_str(), "true");
        assert_eq!(
            SafeText::plain(&Duration::from_millis(1500)).as_str(),
            "1.5s"
        );
    }
}
