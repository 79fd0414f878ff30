//! Retry budgets: how much load retries may add.
//!
//! A limit of retries per call does not bound the load on a dependency that is down: every caller
//! makes all of its retries. A [`Budget`] is shared by the calls of one dependency and allows as many retries as a
//! share of the calls, and a small reserve for programs that make few.
//!
//! # What it allows
//!
//! Each call adds `ratio` of a retry, which can be spent for as long as the `memory`. Beside them the reserve allows
//! `reserve_per_second * memory` retries within any such time. A retry spends the oldest additions first, the
//! reserve last. With the defaults 10,000 calls at one instant allow 2,000 + 30 retries.
//!
//! An addition leaves after the memory, or at most a fiftieth of it early. A retry on the reserve
//! occupies it while it sleeps, and for the same time once it has started, or at most a fiftieth less.
//!
//! # What it costs
//!
//! A call is counted without reading the clock, without a locked instruction and without touching what other threads
//! write. A retry, which has read the clock anyway, takes a lock and folds the calls in. Calls that
//! were counted without their time are taken to have come evenly since the calls before were folded in, so that a calm of
//! hours does not pay for the storm that ends it. A caller who knows the time says so ([`Budget::deposit_at`]), and
//! the call is remembered from then.
//!
//! # Beside other budgets
//!
//! The ratio and the memory of the defaults, and one addition per call rather than per attempt, are those of
//! Finagle's `RetryBudget`; tower's `TpsBudget` has the same defaults. Both keep 10 retries per second in reserve by
//! default, which can be enough to hold a small server down that has been overloaded; the default here is 3. Both
//! subtract retries from the additions of a window of ten slots, so that after a burst the sum may be negative, and
//! not even the reserve is to be had, until the burst has left the window; here what is spent is gone, and the
//! reserve is apart. They read the clock at each call (tower takes a lock as well), forget a sleeping retry once the
//! window has passed, and do not give back what was paid for a retry that never started. tower rounds a ratio below
//! one up to the next of 1, 1/2, 1/3 and so on; here it is exact to a millionth. Finagle also keeps one call from
//! spending more than a share of the balance; here `max_retries` bounds a call.

mod bucket;
mod ledger;
#[cfg(not(loom))]
mod named;
mod policy;
mod seat;
#[cfg(feature = "serde")]
mod serial;
mod shards;
mod snapshot;
mod withdrawal;

#[cfg(test)]
mod tests;

use core::fmt;

#[cfg(all(not(loom), any(test, feature = "test-util")))]
pub(crate) use named::Budgets;
pub use policy::{BudgetError, BudgetPolicy};
pub use snapshot::BudgetSnapshot;
pub use withdrawal::Withdrawal;

use crate::clock::{self, Instant};
use crate::sync::Arc;
use ledger::Ledger;
use shards::Kind;

/// A retry budget; its clones share one balance.
///
/// The same for asynchronous and for blocking callers: nothing in it waits, and every `now` is the caller's.
///
/// ```
/// use tokio::time::Instant;
/// use wait_or_die::{Budget, BudgetPolicy};
///
/// let now = Instant::now();
/// let budget = Budget::new_at(BudgetPolicy::DEFAULT, now)?;
/// for _ in 0..10_000 {
///     budget.deposit();
/// }
/// let retries = (0..10_000).filter(|_| budget.try_withdraw(now)).count();
/// assert_eq!(retries, 2_030); // 20 % of the calls, and 3 per second for 10 s
/// # Ok::<(), wait_or_die::BudgetError>(())
/// ```
#[derive(Clone)]
pub struct Budget(Arc<Shared>);

struct Shared {
    ledger: Ledger,
    began: Instant,
    policy: BudgetPolicy,
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget")
            .field("policy", &self.0.policy)
            .finish_non_exhaustive()
    }
}

/// A budget with [`BudgetPolicy::DEFAULT`], which begins now.
impl Default for Budget {
    fn default() -> Self {
        Self::began(BudgetPolicy::DEFAULT, clock::now())
    }
}

impl Budget {
    /// A budget that begins now. Reads the clock once.
    ///
    /// # Errors
    /// What [`BudgetPolicy::check`] says.
    pub fn new(policy: BudgetPolicy) -> Result<Self, BudgetError> {
        Self::new_at(policy, clock::now())
    }

    /// A budget that begins at `now`, for callers whose clock is not tokio's.
    ///
    /// # Errors
    /// What [`BudgetPolicy::check`] says.
    pub fn new_at(policy: BudgetPolicy, now: Instant) -> Result<Self, BudgetError> {
        policy.check().map(|()| Self::began(policy, now))
    }

    fn began(policy: BudgetPolicy, now: Instant) -> Self {
        Self(Arc::new(Shared {
            ledger: Ledger::new(&policy, shards()),
            began: now,
            policy,
        }))
    }

    /// The numbers of this budget.
    pub fn policy(&self) -> BudgetPolicy {
        self.0.policy
    }

    fn nanos(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.0.began);
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }

    /// Counts one call, not each of its attempts. Reads no clock.
    #[inline]
    pub fn deposit(&self) {
        self.add(Kind::Untimed);
    }

    /// Counts one call whose caller knows the time: a few nanoseconds more than [`deposit`](Self::deposit), and a
    /// lock once in a fiftieth of the memory.
    ///
    /// A `now` that is earlier than another caller's counts as that one.
    #[inline]
    pub fn deposit_at(&self, now: Instant) {
        self.0.ledger.pass(self.nanos(now));
        self.add(Kind::Timed);
    }

    #[inline]
    fn add(&self, kind: Kind) {
        if !self.0.ledger.shards().add_own(seat::known(), kind) {
            self.add_unseated(kind);
        }
    }

    #[cold]
    #[inline(never)]
    fn add_unseated(&self, kind: Kind) {
        let shards = self.0.ledger.shards();
        let seat = seat::ask();
        if !shards.add_own(seat, kind) {
            shards.add_shared(seat, kind);
        }
    }

    /// Pays for a retry that starts at once; false, and nothing is changed, where the budget is empty.
    pub fn try_withdraw(&self, now: Instant) -> bool {
        self.0.ledger.try_withdraw(self.nanos(now))
    }

    /// Pays for a retry that waits first; `None`, and nothing is changed, where the budget is empty.
    pub fn withdraw(&self, now: Instant) -> Option<Withdrawal> {
        let source = self.0.ledger.put_to_sleep(self.nanos(now))?;
        Some(Withdrawal::new(self.clone(), source))
    }

    /// The state at `now`.
    pub fn snapshot(&self, now: Instant) -> BudgetSnapshot {
        self.0.ledger.snapshot(self.nanos(now))
    }
}

/// Shards for twice as many threads as can run at a time; those beyond share.
#[cfg(not(loom))]
fn shards() -> usize {
    static SHARDS: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    *SHARDS.get_or_init(|| {
        let threads = std::thread::available_parallelism().map_or(4, usize::from);
        threads.saturating_mul(2).clamp(4, 64)
    })
}

#[cfg(loom)]
const fn shards() -> usize {
    2
}
