//! What is wrong with an addition to the filter.

/// What is wrong with an addition to the filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterError {
    /// A known secret is too short to be told from chance.
    #[error(
        "known secret number {index} (from 0) has less than six bytes and would be found by chance; leave it out, or name its key with `keys`"
    )]
    TooShort {
        /// Which of those that were given, from 0.
        index: usize,
    },
    /// A regular expression cannot be read, or matches the empty text.
    #[cfg(feature = "regex")]
    #[error("`{pattern}` is no rule: {reason}")]
    Rule {
        /// The expression.
        pattern: String,
        /// Why it is none.
        reason: String,
    },
}
