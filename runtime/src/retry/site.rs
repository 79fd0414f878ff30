//! What is fixed about an annotated function, in a `static`.

mod changed;

#[cfg(test)]
pub(crate) use changed::COMPARED;
pub(crate) use changed::{Change, Function};

use std::borrow::Cow;
use std::sync::OnceLock;

use super::nesting::Within;
use crate::backoff::WaitSequence;
use crate::sync::{AtomicU32, Ordering};
use crate::{Budget, RetryPolicy};

/// Makes the state of a custom strategy; asked once per call, at its first failure.
pub type MakeSequence = fn() -> Box<dyn WaitSequence + Send>;

/// Whose retries a call's own are counted with.
#[derive(Debug, Clone, Copy)]
enum Budgeting {
    Own,
    Named(&'static str),
    Given,
    Unbounded,
}

/// Whose retries those of a call that is made at run time are counted with.
#[derive(Debug, Clone)]
#[allow(dead_code)] // for calls without an attribute
pub(crate) enum Payer {
    /// The budget of the operation and its place.
    Own,
    /// This one.
    Given(Budget),
    /// None.
    Nobody,
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
    // What an attempt leaves to calls inside it before its clock has started.
    within: Within,
    sequence: Option<MakeSequence>,
    budgeting: Budgeting,
    kind: Kind,
    waits_when_open: bool,
    // Made at the first failure, unless somebody has made it before. Until then calls are not counted: what they would
    // have added is mostly spent again by the budget's memory, and the reserve is there from the start.
    budget: OnceLock<Budget>,
    // How many budgets there were when it was looked for.
    budgets_seen: AtomicU32,
    // Set once it has been told that the call retries inside another one's attempt.
    told_inside: OnceLock<()>,
    changes: changed::Changes,
}

/// What is done round the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Retries and deadlines.
    Bounded,
    /// Neither; there may be a breaker.
    Unbounded,
    /// Nothing: the settings have switched the protection off.
    Plain,
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
            within: Within::of(match policy.attempt_timeout() {
                Some(limit) => limit,
                None => policy.timeout(),
            }),
            policy,
            sequence: None,
            budgeting: Budgeting::Own,
            kind: Kind::Bounded,
            waits_when_open: false,
            budget: OnceLock::new(),
            budgets_seen: AtomicU32::new(0),
            told_inside: OnceLock::new(),
            changes: changed::Changes::new(),
        }
    }

    /// The site of a function that has a breaker and neither retries nor deadlines.
    pub const fn unbounded(operation: &'static str, file: &'static str, line: u32) -> Self {
        let policy = RetryPolicy::DEFAULT.with_max_retries(0);
        let mut site = Self::new(operation, file, line, policy).without_budget();
        site.kind = Kind::Unbounded;
        site
    }

    /// A site that is no `static`: settings by name do not reach it.
    pub(crate) fn owned(
        operation: &'static str,
        file: &'static str,
        line: u32,
        policy: RetryPolicy,
        payer: Payer,
    ) -> Self {
        let mut site = Self::new(operation, file, line, policy);
        match payer {
            Payer::Own => {}
            Payer::Nobody => site.budgeting = Budgeting::Unbounded,
            Payer::Given(budget) => {
                site.budgeting = Budgeting::Given;
                site.budget = OnceLock::from(budget);
            }
        }
        site
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

    /// The same site, whose calls wait for an open breaker.
    #[must_use]
    pub const fn with_when_open_wait(mut self) -> Self {
        self.waits_when_open = true;
        self
    }

    /// Whether a call waits for its breaker, within its deadline, where that is open.
    pub(crate) const fn waits_when_open(&self) -> bool {
        self.waits_when_open
    }

    /// Whether the settings have switched the protection off: one attempt, without bounds, breaker and events.
    pub(crate) const fn is_plain(&self) -> bool {
        matches!(self.kind, Kind::Plain)
    }

    /// The number of a call's first attempt; zero where protection is switched off.
    pub(crate) const fn first_attempt(&self) -> u32 {
        if self.is_plain() { 0 } else { 1 }
    }

    /// The site that a call opens with, and the number of its first attempt. What is written is never
    /// switched off, so that the happy path looks at nothing else.
    #[inline]
    pub(crate) fn open(
        &'static self,
        current: fn(&'static Self) -> &'static Self,
    ) -> (&'static Self, u32) {
        if !self.is_unchanged() {
            let site = current(self);
            return (site, site.first_attempt());
        }
        let _ = current;
        (self, 1)
    }

    /// The site with the settings that hold now. A call asks once, when it opens, so that nothing changes half-way.
    #[inline]
    pub(crate) fn current(&'static self) -> &'static Self {
        if !self.is_unchanged() {
            return self.changed(Function::Async);
        }
        self
    }

    /// As [`current`](Self::current), of a plain `fn`: nothing can stop its attempts, so their bound cannot be set.
    #[inline]
    pub(crate) fn current_blocking(&'static self) -> &'static Self {
        if !self.is_unchanged() {
            return self.changed(Function::Plain);
        }
        self
    }

    pub(crate) const fn operation(&self) -> &'static str {
        self.operation
    }

    pub(crate) const fn policy(&self) -> &RetryPolicy {
        &self.policy
    }

    /// What an attempt leaves to calls inside it before its clock has started.
    #[inline]
    pub(super) const fn within(&self) -> Within {
        self.within
    }

    pub(crate) const fn sequence(&self) -> Option<MakeSequence> {
        self.sequence
    }

    /// True for the first caller, so that an event is told once per site and not once per call.
    pub(crate) fn first_time_inside_another(&self) -> bool {
        self.origin().told_inside.set(()).is_ok()
    }

    /// The site as it is written, which this one was made from by settings.
    fn origin(&self) -> &Self {
        if let Some(origin) = self.changes.origin() {
            return origin;
        }
        self
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
        match self.budget.get() {
            Some(budget) => budget.deposit(),
            None if self.budgets_seen.load(Ordering::Relaxed) == Budget::made() => {}
            None => self.look_for_budget(),
        }
    }

    /// Counts a success if the budget has been made meanwhile: by name, by another call that shares it, or by one with
    /// other settings. Allocates nothing.
    #[cold]
    #[inline(never)]
    fn look_for_budget(&self) {
        // Before the look, so that one which is made behind it is looked for.
        self.budgets_seen.store(Budget::made(), Ordering::Relaxed);
        let found = match self.budgeting {
            Budgeting::Own => self.origin().budget.get().cloned(),
            Budgeting::Named(name) => Budget::found(name),
            Budgeting::Given | Budgeting::Unbounded => None,
        };
        if let Some(budget) = found {
            self.budget.get_or_init(|| budget).deposit();
        }
    }

    /// The name of the call's budget; none of one that was given, or where there is none.
    #[cold]
    #[inline(never)]
    fn budget_name(&self) -> Option<Cow<'static, str>> {
        match self.budgeting {
            Budgeting::Own => {
                Some(format!("{} ({}:{})", self.operation, self.file, self.line).into())
            }
            Budgeting::Named(name) => Some(name.into()),
            Budgeting::Given | Budgeting::Unbounded => None,
        }
    }

    /// The budget that the call's retries are paid from.
    pub(crate) fn budget(&self) -> Option<Budget> {
        #[cfg(feature = "test-util")]
        if let Some(scope) = crate::testing::current() {
            return match self.budget_name() {
                Some(name) => Some(scope.budgets().of_call(name)),
                None => self.budget.get().cloned(),
            };
        }
        if let Some(budget) = self.budget.get() {
            return Some(budget.clone());
        }
        let name = self.budget_name()?;
        let shared = &self.origin().budget;
        let budget = shared.get_or_init(|| Budget::of_call(name)).clone();
        Some(self.budget.get_or_init(|| budget).clone())
    }
}
