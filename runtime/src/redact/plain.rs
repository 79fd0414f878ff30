//! The kinds of values that the filter need not look at.

use core::time::Duration;

/// A value without a text of its own, so that printing it shows nothing that somebody else wrote.
pub(crate) trait Plain {
    /// The value as text.
    fn print(&self) -> String;
}

macro_rules! plain {
    ($($kind:ty),* $(,)?) => {$(
        impl Plain for $kind {
            fn print(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

plain!(
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64, bool
);

impl Plain for Duration {
    fn print(&self) -> String {
        format!("{self:?}")
    }
}
