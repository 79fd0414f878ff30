//! All breakers of one name: that of the name itself, and those of its keys.

use core::fmt::{self, Display};
use std::borrow::Cow;
use std::sync::Arc;

use super::differences::differences;
use super::hearers::Hearers;
use super::keyed::{self, Keyed};
use super::named::{self, Named, ticks};
use super::registry::Effective;
use super::{Held, Place};
use crate::error::ConfigError;
use crate::sync::{Mutex, lock};
use crate::{BreakerPolicy, SafeText};

/// The breakers of one name, and what was declared for it.
pub(crate) struct Family {
    name: Cow<'static, str>,
    members: Mutex<Members>,
    hearers: Arc<Hearers>,
}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Family")
            .field("name", &named::shown(&self.name))
            .field("members", &self.members)
            .field("hearers", &self.hearers)
            .finish()
    }
}

#[derive(Debug)]
struct Members {
    /// The settings that were declared first, and where.
    declared: Option<(BreakerPolicy, Place)>,
    /// What was last said of the name, and when: see [`Said`].
    said: Said,
    /// What members are to hold, new ones from the start.
    effective: Effective,
    /// Counts changes of `effective`.
    number: u64,
    /// The change that all members are known to hold.
    reached: u64,
    single: Option<&'static Arc<Named>>,
    /// In place of that, of a name that nobody finds.
    private: Option<Arc<Named>>,
    keyed: Keyed,
}

/// What declarations and settings of the running program make of a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    /// The version of the program's settings, doubled; one more where something had been declared. What is computed
    /// from older things is thus below what is computed from newer ones, as long as settings are looked up before
    /// what is declared, and what is declared is kept before settings are looked up for it.
    pub(super) stamp: u64,
    pub(super) effective: Effective,
}

impl Members {
    /// Hears what is said, unless something newer has been said. Nothing new leaves alone what was set by hand.
    fn hear(&mut self, said: Said) {
        if said.stamp <= self.said.stamp {
            return;
        }
        let was = core::mem::replace(&mut self.said, said).effective;
        if was != said.effective {
            self.change(said.effective);
        }
    }

    fn change(&mut self, effective: Effective) {
        self.effective = effective;
        self.number += 1;
    }

    const fn held(&self) -> Held {
        Held {
            number: self.number,
            policy: self.effective.policy,
            enabled: self.effective.enabled,
        }
    }

    fn all(&self) -> Vec<Arc<Named>> {
        let single = self.single.into_iter().chain(&self.private);
        single.chain(self.keyed.all()).map(Arc::clone).collect()
    }
}

impl Family {
    pub(super) fn new(name: Cow<'static, str>, said: Said) -> Self {
        Self {
            name,
            hearers: Arc::new(Hearers::new()),
            members: Mutex::new(Members {
                declared: None,
                said,
                effective: said.effective,
                number: 0,
                reached: 0,
                single: None,
                private: None,
                keyed: Keyed::new(),
            }),
        }
    }

    /// A name that nobody finds, and its breaker.
    pub(super) fn of_one(name: Cow<'static, str>, policy: BreakerPolicy) -> (Arc<Named>, Self) {
        let said = Said {
            stamp: 0,
            effective: Effective::of(policy),
        };
        let family = Self::new(name.clone(), said);
        let mut members = lock(&family.members);
        let named = Arc::new(Named::new(name, None, members.held(), &family.hearers));
        members.private = Some(Arc::clone(&named));
        drop(members);
        (named, family)
    }

    /// Those who hear of every member.
    pub(super) fn hearers(&self) -> &Hearers {
        &self.hearers
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The name, and whether it stands in the program's text.
    pub(super) const fn full_name(&self) -> &Cow<'static, str> {
        &self.name
    }

    /// Where the settings were declared, if they were.
    pub(crate) fn declared_at(&self) -> Option<Place> {
        lock(&self.members).declared.map(|(_, place)| place)
    }

    /// The declared settings, or the defaults until there are any.
    pub(crate) fn base(&self) -> BreakerPolicy {
        let declared = lock(&self.members).declared;
        declared.map_or(BreakerPolicy::DEFAULT, |(policy, _)| policy)
    }

    /// Whether others than these have been declared.
    pub(super) fn accepts(&self, policy: &BreakerPolicy, place: Place) -> Result<(), ConfigError> {
        let Some((first, first_place)) = lock(&self.members).declared else {
            return Ok(());
        };
        let differences = differences(&first, policy);
        if differences.is_empty() {
            return Ok(());
        }
        let name = named::shown(&self.name);
        Err(ConfigError::conflict(name, first_place, place, differences))
    }

    /// Declares settings that have been checked, unless some have been, which then stay. What is `said` of them holds
    /// at once for members that come later.
    pub(super) fn declare(
        &self,
        policy: BreakerPolicy,
        place: Place,
        said: Said,
    ) -> Result<(), ConfigError> {
        let mut members = lock(&self.members);
        if members.declared.is_none() {
            members.declared = Some((policy, place));
            members.hear(said);
            return Ok(());
        }
        drop(members);
        self.accepts(&policy, place)
    }

    /// The stamp of what would be said now under this version of the program's settings; `None` where that has been
    /// said, and every member holds it.
    pub(super) fn news(&self, version: u64) -> Option<u64> {
        let members = lock(&self.members);
        let stamp = stamp(version, members.declared.is_some());
        let is_known = members.said.stamp >= stamp && members.reached == members.number;
        (!is_known).then_some(stamp)
    }

    /// Returns when every member, those to come included, holds what was said or something newer. Counts and states
    /// stay, but for what is switched on or off.
    ///
    /// Whoever comes while another is at it does all of it himself: the other may be held up by a listener.
    pub(super) fn hold(&self, said: Said) {
        lock(&self.members).hear(said);
        self.spread();
    }

    /// Puts settings that have been checked in force for every member, those to come included, until other things are
    /// said.
    pub(super) fn reconfigure(&self, policy: BreakerPolicy) {
        {
            let mut members = lock(&self.members);
            let enabled = members.effective.enabled;
            members.change(Effective { policy, enabled });
        }
        self.spread();
    }

    fn spread(&self) {
        let (held, all) = {
            let members = lock(&self.members);
            if members.reached == members.number {
                return;
            }
            (members.held(), members.all())
        };
        for named in all {
            named.hold(held);
        }
        let mut members = lock(&self.members);
        members.reached = members.reached.max(held.number);
    }

    /// Whether the name has a breaker of its own, or settings that it would have.
    pub(super) fn is_found(&self) -> bool {
        let members = lock(&self.members);
        members.single.is_some() || members.declared.is_some()
    }

    /// The breaker of the name itself.
    pub(crate) fn single(&self) -> &'static Arc<Named> {
        let mut members = lock(&self.members);
        let held = members.held();
        members.single.get_or_insert_with(|| {
            keep(Arc::new(Named::new(
                self.name.clone(),
                None,
                held,
                &self.hearers,
            )))
        })
    }

    /// The breaker of a key. `Display` runs outside any lock.
    pub(crate) fn keyed(&self, key: &dyn Display) -> Arc<Named> {
        keyed::with_text(key, |key| self.keyed_by_text(key))
    }

    fn keyed_by_text(&self, key: &str) -> Arc<Named> {
        let text = key;
        let key = &*keyed::bounded(text);
        let mut members = lock(&self.members);
        if let Some(named) = members.keyed.get(key) {
            return named;
        }
        let shown = match text.len() {
            0..=keyed::LONGEST_KEY => SafeText::of(text),
            _ => SafeText::from("(longer than 256 bytes)"),
        };
        let named = Named::new(
            self.name.clone(),
            Some(shown),
            members.held(),
            &self.hearers,
        );
        let named = Arc::new(named);
        let evicted = members.keyed.insert(key, Arc::clone(&named), ticks);
        drop(members);
        // What their listeners own is dropped here, outside the lock.
        drop(evicted);
        named
    }

    /// All members: that of the name, then those of the keys in their order.
    pub(crate) fn all(&self) -> Vec<Arc<Named>> {
        lock(&self.members).all()
    }
}

/// See [`Said`].
pub(super) const fn stamp(version: u64, is_declared: bool) -> u64 {
    version * 2 + is_declared as u64
}

/// Keeps a breaker for as long as the program runs: names are never removed. Test scopes are, so that a leak checker
/// would not find it otherwise.
fn keep(named: Arc<Named>) -> &'static Arc<Named> {
    static KEPT: Mutex<Vec<&'static Arc<Named>>> = Mutex::new(Vec::new());
    let kept: &'static Arc<Named> = Box::leak(Box::new(named));
    lock(&KEPT).push(kept);
    kept
}
