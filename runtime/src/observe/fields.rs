//! The values that `fields(..)` opts in to; nothing else of a call's arguments is ever recorded.

use core::fmt::{self, Display, Write as _};
use core::time::Duration;

use crate::redact::{SafeText, under};

/// The recorded values of one failed attempt.
#[derive(Debug, Default)]
pub struct Fields {
    recorded: Vec<(&'static str, SafeText)>,
}

impl Fields {
    pub(crate) const fn new() -> Self {
        Self {
            recorded: Vec::new(),
        }
    }

    /// Records `value` under `name`; of a text, nothing is shown where the filter knows the name for that of a secret.
    pub fn record(&mut self, name: &'static str, value: &(impl Record + ?Sized)) {
        self.push(name, value.record());
    }

    /// Records the `Display` text of `value`, through the filter: what `%value` stands for.
    pub fn record_display(&mut self, name: &'static str, value: &dyn Display) {
        self.push(name, SafeText::of(value));
    }

    fn push(&mut self, name: &'static str, value: SafeText) {
        self.recorded.push((name, under(name, value)));
    }

    /// The values as one text, or `None` where nothing was recorded.
    pub(crate) fn told(&self) -> Option<tracing::field::DisplayValue<&Self>> {
        (!self.recorded.is_empty()).then(|| tracing::field::display(self))
    }
}

impl Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.recorded.iter().enumerate() {
            if index > 0 {
                f.write_char(' ')?;
            }
            write!(f, "{name}={value}")?;
        }
        Ok(())
    }
}

/// A value that `fields(..)` can record: numbers, booleans and durations as they are, texts
/// through the redaction filter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be recorded as it is",
    label = "not a number, a boolean, a duration or a text",
    note = "write `name = %value` to record its `Display` text through the filter, or name one of its plain fields"
)]
pub trait Record {
    /// The value as text that is fit to be printed.
    fn record(&self) -> SafeText;
}

macro_rules! record_plain {
    ($($plain:ty),* $(,)?) => {$(
        impl Record for $plain {
            fn record(&self) -> SafeText {
                SafeText::plain(self)
            }
        }
    )*};
}

record_plain!(
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64, bool
);

impl Record for Duration {
    fn record(&self) -> SafeText {
        SafeText::plain(self)
    }
}

macro_rules! record_text {
    ($($text:ty),* $(,)?) => {$(
        impl Record for $text {
            fn record(&self) -> SafeText {
                SafeText::of(self)
            }
        }
    )*};
}

record_text!(str, String, char);

impl<T: Record + ?Sized> Record for &T {
    fn record(&self) -> SafeText {
        (**self).record()
    }
}

impl<T: Record + ?Sized> Record for &mut T {
    fn record(&self) -> SafeText {
        (**self).record()
    }
}

impl<T: Record + ?Sized> Record for Box<T> {
    fn record(&self) -> SafeText {
        (**self).record()
    }
}

impl<T: Record + ?Sized> Record for std::sync::Arc<T> {
    fn record(&self) -> SafeText {
        (**self).record()
    }
}

impl<T: Record> Record for Option<T> {
    fn record(&self) -> SafeText {
        self.as_ref().map_or(SafeText::from("none"), Record::record)
    }
}
