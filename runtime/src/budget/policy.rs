//! The numbers of a budget: plain data, const-constructible.

use core::time::Duration;

/// What is wrong with a budget's numbers; see [`BudgetPolicy::check`].
///
/// Its text names the setting and says what to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.message())]
#[non_exhaustive]
pub enum BudgetError {
    /// `ratio` is negative, above 1000, infinite or not a number.
    RatioOutOfRange,
    /// `memory` is below one second or above one hour.
    MemoryOutOfRange,
}

impl BudgetError {
    /// The text, for use in const evaluation too.
    pub const fn message(self) -> &'static str {
        match self {
            Self::RatioOutOfRange => {
                "`ratio` must be a number from 0 to 1000; write retries per call, such as 0.2 for one retry in five calls"
            }
            Self::MemoryOutOfRange => {
                "`memory` must be from one second to one hour; write the time that a call is remembered, such as \"10s\""
            }
        }
    }
}

/// How many retries a [`Budget`](super::Budget) allows.
///
/// | setting | default | meaning |
/// |---|---|---|
/// | `ratio` | 0.2 | retries that each call adds, in steps of a millionth |
/// | `reserve_per_second` | 3 | retries per second that are allowed without any calls |
/// | `memory` | 10 s | how long a call, and a retry on the reserve, is remembered |
///
/// Ratio and memory are by default those of Finagle's `RetryBudget`. Its reserve is 10 retries per second, which alone can
/// keep a small server overloaded. A program that sends it tens of calls per second sets the reserve lower still.
///
/// The setters are `const`; they do not check, [`check`](Self::check) does.
///
/// ```
/// use core::time::Duration;
/// use wait_or_die::BudgetPolicy;
///
/// const SMALL: BudgetPolicy = BudgetPolicy::new().with_ratio(0.1).with_reserve_per_second(1);
/// assert_eq!(SMALL.check(), Ok(()));
/// assert_eq!(SMALL.reserve(), 10); // one per second for the ten seconds of memory
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BudgetPolicy {
    ratio: f64,
    reserve_per_second: u32,
    memory: Duration,
}

impl BudgetPolicy {
    /// 20 % of calls, 3 retries per second in reserve, 10 s of memory.
    pub const DEFAULT: Self = Self {
        ratio: 0.2,
        reserve_per_second: 3,
        memory: Duration::from_secs(10),
    };

    /// The same as [`BudgetPolicy::DEFAULT`].
    pub const fn new() -> Self {
        Self::DEFAULT
    }

    /// Sets the retries that each call adds; the default is 0.2. With 0 only the reserve allows retries.
    #[must_use]
    pub const fn with_ratio(mut self, ratio: f64) -> Self {
        self.ratio = ratio;
        self
    }

    /// Sets the retries per second that need no calls; the default is 3. With 0 there is no reserve.
    #[must_use]
    pub const fn with_reserve_per_second(mut self, retries: u32) -> Self {
        self.reserve_per_second = retries;
        self
    }

    /// Sets how long a call, and a retry on the reserve, is remembered; the default is 10 s.
    #[must_use]
    pub const fn with_memory(mut self, memory: Duration) -> Self {
        self.memory = memory;
        self
    }

    /// Retries that each call adds.
    pub const fn ratio(&self) -> f64 {
        self.ratio
    }

    /// Retries per second that need no calls.
    pub const fn reserve_per_second(&self) -> u32 {
        self.reserve_per_second
    }

    /// How long a call, and a retry on the reserve, is remembered.
    pub const fn memory(&self) -> Duration {
        self.memory
    }

    /// The whole reserve: `reserve_per_second * memory`, in whole retries, rounded down.
    pub const fn reserve(&self) -> u64 {
        let whole = self
            .memory
            .as_secs()
            .saturating_mul(self.reserve_per_second as u64);
        let part =
            self.memory.subsec_nanos() as u64 * self.reserve_per_second as u64 / 1_000_000_000;
        whole.saturating_add(part)
    }

    /// Checks the numbers; for constants, at compile time.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of the variants of [`BudgetError`].
    pub const fn check(&self) -> Result<(), BudgetError> {
        // Written so that a ratio which is not a number is refused.
        if !(self.ratio >= 0.0 && self.ratio <= 1_000.0) {
            return Err(BudgetError::RatioOutOfRange);
        }
        if self.memory.as_secs() < 1 || self.memory.as_nanos() > 3_600_000_000_000 {
            return Err(BudgetError::MemoryOutOfRange);
        }
        Ok(())
    }
}

impl Default for BudgetPolicy {
    fn default() -> Self {
        Self::DEFAULT
    }
}
