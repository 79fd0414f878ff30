//! What is fixed about an annotated function, in a `static`.

use std::sync::OnceLock;

use crate::backoff::WaitSequence;
use crate::{Budget, RetryPolicy};

/// Makes the state of a custom strategy; asked once per call, at its first failure.
pub type MakeSequence = fn() -> Box<dyn WaitSequence + Send>;

/// Whose retries a call's own are counted with.
#[derive(Debug, Clone, Copy)]
enum Budgeting {
    Own,
    Named(&'static str),
    Unbounded,
}

/// An annotated function: its name, where it stands, and its policy.
///
/// The engine reads the policy through this one indirection.
#[derive(Debug)]
pub struct Site {
    operation: &'static str,
    file: &'static str,
    line: u32,
    policy: RetryPolicy,
    sequence: Option<MakeSequence>,
    budgeting: Budgeting,
    // Found at the first failure. Until then calls are not counted: what they would have added is
    // mostly spent again by the budget's memory, and the reserve is there from the start.
    budget: OnceLock<Budget>,
    // Set once it has been told that the call retries inside another one's attempt.
    told_inside: OnceLock<()>,
}

impl Site {
    /// A call site with one of the built-in strategies.
    pub const fn new(
        operation: &'static str,
        file: &'static str,
        line: u32,
        policy: RetryPolicy,
    ) -> Self {
        Self {
            operation,
            file,
            line,
            policy,
            sequence: None,
            budgeting: Budgeting::Own,
            budget: OnceLock::new(),
            told_inside: OnceLock::new(),
        }
    }

    /// The same site with the budget of this name instead of one of its own.
    #[must_use]
    pub const fn with_budget(mut self, name: &'static str) -> Self {
        self.budgeting = Budgeting::Named(name);
        self
    }

    /// The same site without a budget.
    #[must_use]
    pub const fn without_budget(mut self) -> Self {
        self.budgeting = Budgeting::Unbounded;
        self
    }

    /// The same site with a custom strategy.
    #[must_use]
    pub const fn with_sequence(mut self, sequence: MakeSequence) -> Self {
        self.sequence = Some(sequence);
        self
    }

    pub(crate) const fn operation(&self) -> &'static str {
        self.operation
    }

    pub(crate) const fn policy(&self) -> &RetryPolicy {
        &self.policy
    }

    pub(crate) const fn sequence(&self) -> Option<MakeSequence> {
        self.sequence
    }

    /// True for the first caller, so that an event is told once per site and not once per call.
    pub(crate) fn first_time_inside_another(&self) -> bool {
        self.told_inside.set(()).is_ok()
    }

    pub(crate) const fn place(&self) -> (&'static str, u32) {
        (self.file, self.line)
    }

    /// Counts a call that succeeded at its first attempt: no clock, no lock.
    #[inline]
    pub(crate) fn count_success(&self) {
        #[cfg(feature = "test-util")]
        if crate::testing::is_open() {
            if let Some(budget) = self.budget() {
                budget.deposit();
            }
            return;
        }
        if let Some(budget) = self.budget.get() {
            budget.deposit();
        }
    }

    /// The budget that the call's retries are paid from.
    #[cfg(not(loom))]
    pub(crate) fn budget(&self) -> Option<Budget> {
        let name = match self.budgeting {
            Budgeting::Own => None,
            Budgeting::Named(name) => Some(name),
            Budgeting::Unbounded => return None,
        };
        let name = || match name {
            Some(name) => name.into(),
            None => format!("{} ({}:{})", self.operation, self.file, self.line).into(),
        };
        #[cfg(feature = "test-util")]
        if let Some(budget) = crate::testing::budget(name) {
            return Some(budget);
        }
        Some(self.budget.get_or_init(|| Budget::of_call(name())).clone())
    }

    /// Loom's locks cannot be in statics, where budgets are found by name.
    #[cfg(loom)]
    pub(crate) fn budget(&self) -> Option<Budget> {
        let _ = self.budgeting;
        None
    }
}
