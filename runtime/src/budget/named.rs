//! Budgets shared by name. Loom's locks cannot be in statics, so it knows none of this.

use core::fmt;
use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Budget, BudgetError, BudgetPolicy, BudgetSnapshot};
use crate::clock::Instant;
use crate::sync::{AtomicU32, Mutex, Ordering, lock};

static ALL: Budgets = Budgets::new();

impl Budget {
    /// The program's budget of this name, or that of a test scope (`testing::scope`, feature `test-util`) that is open on
    /// this thread. It begins now, with `policy`, if it is new; the settings of one that exists
    /// stay, whatever `policy` says, and [`policy`](Self::policy) tells them.
    ///
    /// Takes a lock, so keep the answer: clones share the balance.
    ///
    /// # Errors
    /// What [`BudgetPolicy::check`] says, of a name that is new.
    pub fn named(
        name: impl Into<Cow<'static, str>>,
        policy: BudgetPolicy,
    ) -> Result<Self, BudgetError> {
        with(|budgets| budgets.get(name.into(), policy))
    }

    /// The budget of an annotated call: that of the name, with the default settings if it is new.
    pub(crate) fn of_call(name: Cow<'static, str>) -> Self {
        ALL.of_call(name)
    }

    /// The program's budget of this name, if it has been made.
    pub(crate) fn found(name: &str) -> Option<Self> {
        lock(&ALL.budgets).get(name).cloned()
    }

    /// How many budgets of the program's have been made: as long as it is the same, none is found that was not before.
    #[inline]
    pub(crate) fn made() -> u32 {
        // Relaxed: whoever sees that there is one more asks under the lock.
        ALL.made.load(Ordering::Relaxed)
    }

    /// The same, of the test scope if one is open.
    pub(crate) fn shared(name: Cow<'static, str>) -> Self {
        with(|budgets| budgets.of_call(name))
    }

    /// The names of the program's budgets, or of the test scope's, as they were given, and their state at `now`, in the
    /// order of the names.
    pub fn all(now: Instant) -> Vec<(Cow<'static, str>, BudgetSnapshot)> {
        with(|budgets| budgets.list(now))
    }
}

/// Asks the test scope's budgets if one is open on this thread, else the program's.
fn with<R>(ask: impl FnOnce(&Budgets) -> R) -> R {
    #[cfg(feature = "test-util")]
    if let Some(scope) = crate::testing::current() {
        return ask(scope.budgets());
    }
    ask(&ALL)
}

/// Budgets by name. A test scope has its own.
pub(crate) struct Budgets {
    budgets: Mutex<BTreeMap<Cow<'static, str>, Budget>>,
    made: AtomicU32,
}

/// Without the names, some of which may have been made at run time.
impl fmt::Debug for Budgets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budgets")
            .field("names", &lock(&self.budgets).len())
            .finish_non_exhaustive()
    }
}

impl Budgets {
    pub(crate) const fn new() -> Self {
        Self {
            budgets: Mutex::new(BTreeMap::new()),
            made: AtomicU32::new(0),
        }
    }

    /// The budget of this name; made with `policy` if there is none.
    pub(crate) fn get(
        &self,
        name: Cow<'static, str>,
        policy: BudgetPolicy,
    ) -> Result<Budget, BudgetError> {
        let mut budgets = lock(&self.budgets);
        if let Some(budget) = budgets.get(&name) {
            return Ok(budget.clone());
        }
        let budget = Budget::new(policy)?;
        budgets.insert(name, budget.clone());
        self.made.fetch_add(1, Ordering::Relaxed);
        Ok(budget)
    }

    /// The budget of an annotated call.
    pub(crate) fn of_call(&self, name: Cow<'static, str>) -> Budget {
        let mut budgets = lock(&self.budgets);
        let budget = budgets.entry(name).or_insert_with(|| {
            self.made.fetch_add(1, Ordering::Relaxed);
            Budget::default()
        });
        budget.clone()
    }

    /// All names and states, in the order of the names.
    pub(crate) fn list(&self, now: Instant) -> Vec<(Cow<'static, str>, BudgetSnapshot)> {
        let budgets = lock(&self.budgets).clone();
        budgets
            .into_iter()
            .map(|(name, budget)| (name, budget.snapshot(now)))
            .collect()
    }
}
