//! The settings of a site that were changed while the program runs.
//!
//! A site is a `static` and is shared by calls that run, so nothing in it is changed: each set of settings that it gets
//! is a site of its own, leaked once and found again, and the origin knows which one holds.

use std::sync::OnceLock;

use super::{Kind, MakeSequence, Site};
use crate::RetryPolicy;
use crate::sync::{AtomicU32, Ordering};

/// Never called: the settings have not been looked at.
const NEW: u32 = 0;
/// What is written holds.
const OWN: u32 = 1;
/// The first of the changed ones holds; the numbers that follow are those behind it.
const FIRST: u32 = 2;

/// What a site is besides what is written.
#[derive(Debug)]
pub(super) struct Changes {
    state: AtomicU32,
    origin: Option<&'static Site>,
    // Of an origin the first one that it was changed to, of a changed one the next.
    next: OnceLock<&'static Site>,
}

impl Changes {
    pub(super) const fn new() -> Self {
        Self {
            state: AtomicU32::new(NEW),
            origin: None,
            next: OnceLock::new(),
        }
    }

    pub(super) const fn origin(&self) -> Option<&'static Site> {
        self.origin
    }
}

/// What kind of function a site is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Async,
    Plain,
}

/// What settings make of a site.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    pub(crate) enabled: bool,
    pub(crate) policy: RetryPolicy,
    /// Whether a custom strategy still makes the waits.
    pub(crate) keeps_sequence: bool,
}

impl Site {
    /// Whether it is known that what is written holds: the one load that the happy path pays.
    #[inline]
    pub(super) fn is_unchanged(&self) -> bool {
        #[cfg(feature = "test-util")]
        if crate::testing::is_open() {
            return false;
        }
        // Relaxed: what is behind the number is only followed where it is loaded again.
        self.changes.state.load(Ordering::Relaxed) == OWN
    }

    /// The site that holds now, where that is not known to be this one.
    #[cold]
    #[inline(never)]
    pub(super) fn changed(&'static self, function: Function) -> &'static Self {
        if self.changes.origin.is_some() {
            return self;
        }
        #[cfg(feature = "test-util")]
        if crate::testing::is_open() {
            return crate::settings::meet(self, function);
        }
        match self.changes.state.load(Ordering::Acquire) {
            NEW => crate::settings::meet(self, function),
            OWN => self,
            number => self.numbered(number),
        }
    }

    /// The changed site of this number.
    fn numbered(&'static self, number: u32) -> &'static Self {
        let mut site = self;
        for _ in FIRST..=number {
            // A number is stored after its site, so that there is always a next one.
            site = site.changes.next.get().copied().unwrap_or(site);
        }
        site
    }

    /// What is written, as settings would say it.
    pub(crate) const fn written(&self) -> Change {
        Change {
            enabled: true,
            policy: self.policy,
            keeps_sequence: true,
        }
    }

    /// Whether there are retries and deadlines that could be changed.
    pub(crate) fn is_bounded(&self) -> bool {
        self.kind == Kind::Bounded
    }

    /// The site that `change` makes of this one, and its number. The same change gives the same site.
    pub(crate) fn with_change(&'static self, change: &Change) -> (u32, &'static Self) {
        let keeps = change.keeps_sequence || self.sequence.is_none();
        let (kind, sequence) = match (change.enabled, keeps) {
            (false, _) => (Kind::Plain, None),
            (true, true) => (self.kind, self.sequence),
            (true, false) => (self.kind, None),
        };
        if kind == self.kind && change.policy == self.policy && keeps {
            return (OWN, self);
        }
        let make = || Self::derived(self, kind, change.policy, sequence);
        let (mut number, mut link) = (FIRST, &self.changes.next);
        loop {
            let site: &'static Self = link.get_or_init(|| Box::leak(Box::new(make())));
            let same = site.sequence.is_some() == sequence.is_some();
            if same && site.kind == kind && site.policy == change.policy {
                return (number, site);
            }
            (number, link) = (number.saturating_add(1), &site.changes.next);
        }
    }

    fn derived(
        origin: &'static Self,
        kind: Kind,
        policy: RetryPolicy,
        sequence: Option<MakeSequence>,
    ) -> Self {
        let budget = OnceLock::new();
        if let Some(known) = origin.budget.get() {
            let _ = budget.set(known.clone());
        }
        Self {
            policy,
            sequence,
            kind,
            budget,
            budgeting: origin.budgeting,
            waits_when_open: origin.waits_when_open,
            changes: Changes {
                state: AtomicU32::new(OWN),
                origin: Some(origin),
                next: OnceLock::new(),
            },
            ..Self::new(origin.operation, origin.file, origin.line, policy)
        }
    }

    /// From now on the site of this number holds.
    pub(crate) fn hold(&self, number: u32) {
        self.changes.state.store(number, Ordering::Release);
    }
}
