//! What a value writes of itself, in bounded space.

use core::fmt::{self, Display, Write};

use crate::contain::contain;

/// The most that is kept of a text, in bytes, before it is filtered. A text that goes on behind it is broken off there.
pub(super) const COLLECTED: usize = 64 * 1024;

/// The text of a value.
pub(super) struct Written {
    pub(super) text: String,
    /// Whether the text goes on behind what was kept of it.
    pub(super) is_cut: bool,
}

impl Written {
    /// What `value` writes, up to [`COLLECTED`] bytes; `None` of a `Display` that fails or panics. What that has written
    /// before is given up: it may have broken off inside a secret that nothing would find by its first half.
    pub(super) fn of(value: &dyn Display) -> Option<Self> {
        let mut written = Self {
            text: String::new(),
            is_cut: false,
        };
        let result = contain(|| write!(written, "{value}"))?;
        // Where the text was cut off here, it is this writer that has failed.
        (result.is_ok() || written.is_cut).then_some(written)
    }
}

/// Refuses what is too much, so that a well-behaved `Display` stops there.
impl Write for Written {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.is_cut {
            return Err(fmt::Error);
        }
        let room = COLLECTED.saturating_sub(self.text.len());
        let fits = beginning(text, room);
        self.text.push_str(fits);
        if fits.len() < text.len() {
            self.is_cut = true;
            return Err(fmt::Error);
        }
        Ok(())
    }
}

/// The whole characters among the first `most` bytes.
pub(super) fn beginning(text: &str, most: usize) -> &str {
    let ends = (0..=most.min(text.len())).rev();
    ends.into_iter()
        .find_map(|end| text.get(..end))
        .unwrap_or_default()
}
