//! The settings of a site that were changed while the program runs.
//!
//! A site is a `static` and is shared by calls that run, so nothing that a call reads in it is changed: each set of
//! settings that it gets is a site of its own, leaked once and found again, and the origin points to the one that holds.

use core::hash::{Hash, Hasher};
use std::collections::BTreeMap;
use std::hash::DefaultHasher;
use std::sync::OnceLock;

use super::{Kind, MakeSequence, Site};
use crate::RetryPolicy;
use crate::retry::nesting::Within;
use crate::sync::{AtomicU32, Ordering, RwLock, read, write};

/// Never called: the settings have not been looked at.
const NEW: u32 = 0;
/// What is written holds.
const OWN: u32 = 1;
/// A changed one holds.
const CHANGED: u32 = 2;

/// What a site is besides what is written.
#[derive(Debug)]
pub(super) struct Changes {
    state: AtomicU32,
    origin: Option<&'static Site>,
    // Only an origin has any. Its lock is taken by calls of a changed site, shared, and by those who change it.
    variants: RwLock<Variants>,
}

/// What a site has been changed to.
#[derive(Debug)]
struct Variants {
    current: Option<&'static Site>,
    // By a hash of what was changed, so that finding one takes as long whether there are two or two thousand.
    known: BTreeMap<u64, Vec<&'static Site>>,
}

impl Changes {
    pub(super) const fn new() -> Self {
        Self::of(NEW, None)
    }

    const fn of(state: u32, origin: Option<&'static Site>) -> Self {
        let variants = Variants {
            current: None,
            known: BTreeMap::new(),
        };
        Self {
            state: AtomicU32::new(state),
            origin,
            variants: RwLock::new(variants),
        }
    }

    pub(super) const fn origin(&self) -> Option<&'static Site> {
        self.origin
    }
}

/// What makes a changed site: of two that are equal in this there is one.
#[derive(Debug, Clone, Copy)]
struct Variant {
    kind: Kind,
    policy: RetryPolicy,
    sequence: Option<MakeSequence>,
}

impl Variant {
    /// The settings of `change` on `site`; `None` where they are what is written.
    fn of(site: &Site, change: &Change) -> Option<Self> {
        let keeps = change.keeps_sequence || site.sequence.is_none();
        let kind = if change.enabled {
            site.kind
        } else {
            Kind::Plain
        };
        let as_written = kind == site.kind && change.policy == site.policy && keeps;
        (!as_written).then_some(Self {
            kind,
            policy: change.policy,
            sequence: site.sequence.filter(|_| keeps && change.enabled),
        })
    }

    fn is(&self, site: &Site) -> bool {
        #[cfg(test)]
        COMPARED.set(COMPARED.get() + 1);
        // An origin has one sequence or none.
        self.kind == site.kind
            && self.policy == site.policy
            && self.sequence.is_some() == site.sequence.is_some()
    }

    fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let (policy, backoff) = (&self.policy, self.policy.backoff());
        (policy.timeout(), policy.attempt_timeout()).hash(&mut hasher);
        policy.max_retries().hash(&mut hasher);
        (backoff.initial_wait(), backoff.max_wait()).hash(&mut hasher);
        (policy.strategy(), policy.jitter()).hash(&mut hasher);
        backoff.multiplier().to_bits().hash(&mut hasher);
        hasher.finish()
    }
}

#[cfg(test)]
std::thread_local! {
    /// How many changed sites this thread has looked at to find one.
    pub(crate) static COMPARED: core::cell::Cell<u32> = const { core::cell::Cell::new(0) };
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
        // Relaxed: nothing else is read on the strength of it.
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
            _ => read(&self.changes.variants).current.unwrap_or(self),
        }
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

    /// The site that `change` makes of this one. The same change gives the same site, which is this very one where
    /// everything is as it is written.
    pub(crate) fn with_change(&'static self, change: &Change) -> &'static Self {
        let Some(variant) = Variant::of(self, change) else {
            return self;
        };
        let mut variants = write(&self.changes.variants);
        let alike = variants.known.entry(variant.key()).or_default();
        if let Some(site) = alike.iter().find(|site| variant.is(site)) {
            return site;
        }
        let site: &'static Self = Box::leak(Box::new(Self::derived(self, variant)));
        alike.push(site);
        site
    }

    fn derived(origin: &'static Self, variant: Variant) -> Self {
        let budget = OnceLock::new();
        if let Some(known) = origin.budget.get() {
            let _ = budget.set(known.clone());
        }
        let derived = Self::new(origin.operation, origin.file, origin.line, variant.policy);
        Self {
            // Switched off, it has no end of its own.
            within: match variant.kind {
                Kind::Plain => Within::UNBOUNDED,
                Kind::Bounded | Kind::Unbounded => derived.within,
            },
            sequence: variant.sequence,
            kind: variant.kind,
            budget,
            budgeting: origin.budgeting,
            waits_when_open: origin.waits_when_open,
            changes: Changes::of(OWN, Some(origin)),
            ..derived
        }
    }

    /// From now on `current` holds, which this site was changed to, or which is this site.
    pub(crate) fn hold(&'static self, current: &'static Self) {
        let own = core::ptr::eq(self, current);
        write(&self.changes.variants).current = Some(current);
        // Release: who sees that it has changed finds what holds.
        self.changes
            .state
            .store(if own { OWN } else { CHANGED }, Ordering::Release);
    }
}
