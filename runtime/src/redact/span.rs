//! Where a secret stands in a text.

/// A secret in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hide {
    /// Its first byte.
    pub(super) start: usize,
    /// The byte after its last.
    pub(super) end: usize,
    /// Whether it is a card or an account, of which some programs show the last four digits.
    pub(super) last_four: bool,
}

impl Hide {
    /// A secret of which nothing may ever be shown.
    pub(super) const fn whole(start: usize, end: usize) -> Self {
        Self {
            start,
            end,
            last_four: false,
        }
    }

    /// The number of a card or an account.
    pub(super) const fn account(start: usize, end: usize) -> Self {
        Self {
            start,
            end,
            last_four: true,
        }
    }
}
