//! Budgets shared by name. Loom's locks cannot be in statics, so it knows none of this.

use core::fmt;
use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Budget, BudgetError, BudgetPolicy, BudgetSnapshot};
use crate::clock::Instant;
use crate::sync::{Mutex, lock};

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
pub(crate) struct Budgets(Mutex<BTreeMap<Cow<'static, str>, Budget>>);

/// Without the names, some of which may have been made at run time.
impl fmt::Debug for Budgets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budgets")
            .field("names", &lock(&self.0).len())
            .finish_non_exhaustive()
    }
}

impl Budgets {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// The budget of this name; made with `policy` if there is none.
    pub(crate) fn get(
        &self,
        name: Cow<'static, str>,
        policy: BudgetPolicy,
    ) -> Result<Budget, BudgetError> {
        let mut budgets = lock(&self.0);
        if let Some(budget) = budgets.get(&name) {
            return Ok(budget.clone());
        }
        let budget = Budget::new(policy)?;
        budgets.insert(name, budget.clone());
        Ok(budget)
    }

    /// The budget of an annotated call.
    pub(crate) fn of_call(&self, name: Cow<'static, str>) -> Budget {
        let mut budgets = lock(&self.0);
        budgets.entry(name).or_default().clone()
    }

    /// All names and states, in the order of the names.
    pub(crate) fn list(&self, now: Instant) -> Vec<(Cow<'static, str>, BudgetSnapshot)> {
        let budgets = lock(&self.0).clone();
        budgets
            .into_iter()
            .map(|(name, budget)| (name, budget.snapshot(now)))
            .collect()
    }
}
