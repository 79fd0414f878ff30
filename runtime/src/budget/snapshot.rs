//! What can be seen of a budget.

use super::bucket::Bucket;

/// The state of a budget at one instant, all of it in whole retries or calls.
///
/// With the feature `serde` it can be written, for a status page or a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BudgetSnapshot {
    /// Retries that would be allowed now: `calls_left + reserve_left`.
    pub balance: u64,
    /// Retries that remembered calls would pay for.
    pub calls_left: u64,
    /// Retries that the reserve would pay for.
    pub reserve_left: u64,
    /// Retries that have been paid for and have not started.
    pub sleeping: u64,
    /// Calls since the budget began.
    pub calls: u64,
    /// Retries paid for since the budget began, those included that were given back.
    pub withdrawn: u64,
    /// Retries given back since the budget began, because they were dropped asleep.
    pub returned: u64,
    /// Retries refused since the budget began.
    pub refused: u64,
}

impl BudgetSnapshot {
    pub(super) const fn of(bucket: &Bucket) -> Self {
        let totals = bucket.totals();
        let (calls_left, reserve_left) = (bucket.calls_left(), bucket.reserve_left());
        Self {
            balance: calls_left.saturating_add(reserve_left),
            calls_left,
            reserve_left,
            sleeping: bucket.sleeping(),
            calls: totals.calls,
            withdrawn: totals.withdrawn,
            returned: totals.returned,
            refused: totals.refused,
        }
    }
}
