//! The text of a failed attempt's error.

use core::cell::OnceCell;
use core::fmt::{self, Display};

use crate::redact::SafeText;

/// The text of an error, formatted and filtered when it is first asked for, and at most once: where nobody listens to
/// the event of a call's last failure, that is never.
pub(crate) struct ErrorText<'a> {
    error: &'a dyn Display,
    text: OnceCell<SafeText>,
}

impl<'a> ErrorText<'a> {
    /// The text of `error`.
    pub(crate) const fn of(error: &'a dyn Display) -> Self {
        Self {
            error,
            text: OnceCell::new(),
        }
    }

    /// A text that is known.
    pub(crate) fn known(text: SafeText) -> Self {
        Self {
            error: &"",
            text: OnceCell::from(text),
        }
    }

    /// The text.
    pub(crate) fn get(&self) -> &SafeText {
        self.text.get_or_init(|| SafeText::of(self.error))
    }

    /// The text, to keep.
    pub(crate) fn into_text(self) -> SafeText {
        let error = self.error;
        let text = self.text.into_inner();
        text.unwrap_or_else(|| SafeText::of(error))
    }
}

/// The text, if it has been asked for.
impl fmt::Debug for ErrorText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ErrorText").field(&self.text.get()).finish()
    }
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;
    use core::fmt;

    use super::ErrorText;
    use crate::SafeText;

    /// Counts how often it is formatted.
    #[derive(Default)]
    struct Counted(Cell<u32>);

    impl fmt::Display for Counted {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.set(self.0.get() + 1);
            f.write_str("refused, password=hunter2secret")
        }
    }

    #[test]
    fn it_is_formatted_once_and_not_before_somebody_asks() {
        let error = Counted::default();
        let text = ErrorText::of(&error);
        assert_eq!(format!("{text:?}"), "ErrorText(None)");
        assert_eq!(error.0.get(), 0);
        assert_eq!(text.get().as_str(), "refused, password=[REDACTED]");
        assert_eq!(text.get().as_str(), "refused, password=[REDACTED]");
        assert_eq!(text.into_text().as_str(), "refused, password=[REDACTED]");
        assert_eq!(error.0.get(), 1);

        let text = ErrorText::of(&error);
        assert_eq!(text.into_text().as_str(), "refused, password=[REDACTED]");
        assert_eq!(error.0.get(), 2);
    }

    #[test]
    fn a_text_that_is_known_stays() {
        let text = ErrorText::known(SafeText::from("cut off"));
        assert_eq!(text.get().as_str(), "cut off");
        assert_eq!(text.into_text().as_str(), "cut off");
    }
}
