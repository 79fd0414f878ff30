//! All breakers of one name: that of the name itself, and those of its keys.

use core::fmt::Display;
use std::borrow::Cow;
use std::sync::Arc;

use super::Place;
use super::differences::differences;
use super::keyed::{self, Keyed};
use super::named::{self, Named, ticks};
use super::registry::Effective;
use crate::error::ConfigError;
use crate::sync::{Mutex, lock};
use crate::{BreakerPolicy, SafeText};

/// The breakers of one name, and what was declared for it.
#[derive(Debug)]
pub(crate) struct Family {
    name: Cow<'static, str>,
    members: Mutex<Members>,
}

#[derive(Debug)]
struct Members {
    /// The settings that were declared first, and where.
    declared: Option<(BreakerPolicy, Place)>,
    /// What new members get.
    effective: Effective,
    single: Option<&'static Arc<Named>>,
    keyed: Keyed,
}

impl Family {
    pub(super) const fn new(name: Cow<'static, str>, effective: Effective) -> Self {
        Self {
            name,
            members: Mutex::new(Members {
                declared: None,
                effective,
                single: None,
                keyed: Keyed::new(),
            }),
        }
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

    /// Whether settings that have been checked would be the first to be declared; refused if others have been.
    pub(super) fn accepts(
        &self,
        policy: &BreakerPolicy,
        place: Place,
    ) -> Result<bool, ConfigError> {
        let Some((first, first_place)) = lock(&self.members).declared else {
            return Ok(true);
        };
        let differences = differences(&first, policy);
        if differences.is_empty() {
            return Ok(false);
        }
        let name = named::shown(&self.name);
        Err(ConfigError::conflict(name, first_place, place, differences))
    }

    /// Declares settings that have been checked; true if they are the first, which are to be put in force then. Where
    /// there are no members yet they are in force at once, so that nobody ever sees one with others.
    pub(super) fn declare(
        &self,
        policy: BreakerPolicy,
        place: Place,
        effective: Effective,
    ) -> Result<bool, ConfigError> {
        let mut members = lock(&self.members);
        if members.declared.is_some() {
            drop(members);
            return self.accepts(&policy, place);
        }
        members.declared = Some((policy, place));
        if members.single.is_none() && members.keyed.is_empty() {
            members.effective = effective;
        }
        Ok(true)
    }

    /// Puts settings in force for all members, those to come included. Counts and states stay, but for what is switched
    /// on or off.
    pub(super) fn hold(&self, mut effective: Effective) {
        let mut was = core::mem::replace(&mut lock(&self.members).effective, effective);
        // Nothing new leaves alone what somebody has set by hand.
        while was != effective {
            for named in self.all() {
                apply(&named, was, effective);
            }
            // Of two that come at once, the one that ends last makes sure that what holds is what was said last.
            (was, effective) = (effective, lock(&self.members).effective);
        }
    }

    /// The breaker of the name itself.
    pub(crate) fn single(&self) -> &'static Arc<Named> {
        let mut members = lock(&self.members);
        let effective = members.effective;
        members
            .single
            .get_or_insert_with(|| keep(Arc::new(Named::new(self.name.clone(), None, &effective))))
    }

    /// The breaker of a key. `Display` runs outside any lock.
    pub(crate) fn keyed(&self, key: &dyn Display) -> Arc<Named> {
        keyed::with_text(key, |key| self.keyed_by_text(key))
    }

    fn keyed_by_text(&self, key: &str) -> Arc<Named> {
        let mut members = lock(&self.members);
        if let Some(named) = members.keyed.get(key) {
            return named;
        }
        let shown = SafeText::of(key);
        let named = Arc::new(Named::new(
            self.name.clone(),
            Some(shown),
            &members.effective,
        ));
        let evicted = members.keyed.insert(key, Arc::clone(&named), ticks);
        drop(members);
        // What their listeners own is dropped here, outside the lock.
        drop(evicted);
        named
    }

    /// All members: that of the name, then those of the keys in their order.
    pub(crate) fn all(&self) -> Vec<Arc<Named>> {
        let members = lock(&self.members);
        let single = members.single.into_iter();
        single.chain(members.keyed.all()).map(Arc::clone).collect()
    }
}

fn apply(named: &Named, was: Effective, effective: Effective) {
    // Never refused: the settings have been checked.
    let _ = named.reconfigure(effective.policy);
    match (was.enabled, effective.enabled) {
        (true, false) => named.core().disable(ticks),
        (false, true) => named.core().reset(ticks),
        _ => {}
    }
}

/// Keeps a breaker for as long as the program runs: names are never removed. Test scopes are, so that a leak checker
/// would not find it otherwise.
fn keep(named: Arc<Named>) -> &'static Arc<Named> {
    static KEPT: Mutex<Vec<&'static Arc<Named>>> = Mutex::new(Vec::new());
    let kept: &'static Arc<Named> = Box::leak(Box::new(named));
    lock(&KEPT).push(kept);
    kept
}
