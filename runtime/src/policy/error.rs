//! What is wrong with a policy.

/// A rule of [`RetryPolicy`](crate::RetryPolicy) that is broken; see [`RetryPolicy::check`](crate::RetryPolicy::check).
///
/// Its text names the options and says what to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.message())]
#[non_exhaustive]
pub enum PolicyError {
    /// `timeout` is zero.
    TimeoutNotPositive,
    /// `attempt_timeout` is zero.
    AttemptTimeoutNotPositive,
    /// `attempt_timeout` is greater than `timeout`.
    AttemptTimeoutAboveTimeout,
    /// `initial_wait` is greater than `timeout`.
    InitialWaitAboveTimeout,
    /// `max_wait` is less than `initial_wait`.
    MaxWaitBelowInitialWait,
    /// `multiplier` is infinite or not a number.
    MultiplierNotFinite,
    /// `multiplier` is less than one.
    MultiplierBelowOne,
}

impl PolicyError {
    /// Every rule, in the order in which they are checked.
    pub(crate) const ALL: [Self; 7] = [
        Self::TimeoutNotPositive,
        Self::AttemptTimeoutNotPositive,
        Self::AttemptTimeoutAboveTimeout,
        Self::InitialWaitAboveTimeout,
        Self::MaxWaitBelowInitialWait,
        Self::MultiplierNotFinite,
        Self::MultiplierBelowOne,
    ];

    /// The text, for use in const evaluation too.
    pub const fn message(self) -> &'static str {
        match self {
            Self::TimeoutNotPositive => {
                "`timeout` must be positive; write the time that the whole call may take, such as \"30s\""
            }
            Self::AttemptTimeoutNotPositive => {
                "`attempt_timeout` must be positive; write the time that one attempt may take, or leave it out for no bound"
            }
            Self::AttemptTimeoutAboveTimeout => {
                "`attempt_timeout` is greater than `timeout`; write an `attempt_timeout` of at most `timeout`"
            }
            Self::InitialWaitAboveTimeout => {
                "`initial_wait` is greater than `timeout`, so no retry could ever start; write an `initial_wait` below `timeout`"
            }
            Self::MaxWaitBelowInitialWait => {
                "`max_wait` is less than `initial_wait`; write a `max_wait` of at least `initial_wait`"
            }
            Self::MultiplierNotFinite => {
                "`multiplier` must be a finite number; write a factor of at least 1, such as 2.0"
            }
            Self::MultiplierBelowOne => {
                "`multiplier` is less than 1, so waits would shrink; write a factor of at least 1, such as 2.0"
            }
        }
    }
}
