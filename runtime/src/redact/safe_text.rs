//! Text that is fit to be printed.

use core::fmt;
use std::borrow::Cow;

use super::written::{Written, beginning};
use super::{PLACEHOLDER, Plain, process};

/// The most that is shown of a text, in bytes, its mark included.
const LONGEST: usize = 4 * 1024;

/// Stands behind a text that was cut short.
const TRUNCATED: &str = "…(truncated)";

/// Stands for a value whose `Display` fails or panics.
const UNPRINTABLE: &str = "[unprintable]";

/// How much in front of the place where a long text was broken off is not shown, in bytes: a secret that goes on behind
/// that place is not always known by its first part.
const UNCERTAIN: usize = 8 * 1024;

/// Text that is fit to be printed: everything that this crate tells goes through it.
///
/// It is made from a `&'static str`, which the programmer wrote and which stays as it is, or by the redaction filter of
/// the process ([`redact::set_filter`](crate::redact::set_filter), else the built-in one): the text of an error, of a
/// breaker's key, of a `fields(..)` argument.
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
/// use wait_or_die::SafeText;
///
/// let text = SafeText::from("connection refused");
/// assert_eq!(text.as_str(), "connection refused");
///
/// let (user, password) = ("svc", "hunter2secret");
/// let text = SafeText::filtered(&format_args!("user={user} password={password}"));
/// assert_eq!(text.as_str(), "user=svc password=[REDACTED]");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SafeText(Cow<'static, str>);

impl SafeText {
    /// What of `value` may be shown: its `Display` text through the filter of the process.
    ///
    /// At most 4096 bytes, cut at a character and marked `…(truncated)` if there was more, and filtered before it is cut.
    /// Of a text of more than 64 KiB the rest is not even kept, and its last 8 KiB before that are not shown, because the
    /// filter may not know a secret by its first part.
    ///
    /// A `Display` that fails or panics gives `[unprintable]`; the panic ends here, behind the panic hook.
    pub fn filtered(value: &(impl fmt::Display + ?Sized)) -> Self {
        Self::of(value)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands in the place of a text that must not be shown.
    pub(crate) const fn withheld() -> Self {
        Self(Cow::Borrowed(PLACEHOLDER))
    }

    /// As [`filtered`](Self::filtered).
    pub(crate) fn of(value: &(impl fmt::Display + ?Sized)) -> Self {
        match Written::of(&value) {
            Some(written) => Self::shown(written),
            None => Self::unprintable(),
        }
    }

    /// What stands for a value whose `Display` fails.
    pub(super) const fn unprintable() -> Self {
        Self(Cow::Borrowed(UNPRINTABLE))
    }

    /// Filters, and then cuts short.
    pub(super) fn shown(written: Written) -> Self {
        let Written { mut text, is_cut } = written;
        let filtered = match process::current().filter(&text) {
            Cow::Borrowed(same) if same.len() == text.len() => None,
            filtered => Some(filtered.into_owned()),
        };
        if let Some(filtered) = filtered {
            text = filtered;
        }
        let uncertain = if is_cut { UNCERTAIN } else { 0 };
        let shown = text.len().saturating_sub(uncertain);
        if is_cut || shown > LONGEST {
            let shown = shown.min(LONGEST - TRUNCATED.len());
            text.truncate(before_placeholder(&text, beginning(&text, shown).len()));
            text.push_str(TRUNCATED);
        }
        text.shrink_to_fit();
        Self(Cow::Owned(text))
    }

    /// A value of a kind that has no text of its own: a number, a boolean, a duration.
    pub(crate) fn plain(value: &impl Plain) -> Self {
        Self(Cow::Owned(value.print()))
    }
}

/// `end`, or the beginning of the placeholder that it would cut in two: half of one would be taken for a value when the
/// text goes through a filter again.
fn before_placeholder(text: &str, end: usize) -> usize {
    let starts = end.saturating_sub(PLACEHOLDER.len() - 1)..end;
    starts
        .into_iter()
        .find(|&start| {
            text.get(start..)
                .is_some_and(|rest| rest.starts_with(PLACEHOLDER))
        })
        .unwrap_or(end)
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

/// As the text.
#[cfg(feature = "serde")]
impl serde::Serialize for SafeText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
