//! Breakers by name. Loom's locks cannot be in statics, so it knows none of this.

use core::fmt;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Place;
use super::family::Family;
pub(crate) use super::named::shown;
use crate::BreakerPolicy;
use crate::error::ConfigError;
use crate::sync::{Mutex, lock};

static ALL: Breakers = Breakers::new();

/// Runs `look` on the breakers that the calling thread sees: its test scope's, or the program's.
pub(crate) fn with<T>(look: impl FnOnce(&Breakers) -> T) -> T {
    #[cfg(feature = "test-util")]
    if let Some(breakers) = crate::testing::breakers() {
        return look(&breakers);
    }
    look(&ALL)
}

/// What holds for a name once settings of the running program have gone over the declared ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Effective {
    pub(crate) policy: BreakerPolicy,
    /// False: the breaker lets every call pass and counts nothing.
    pub(crate) enabled: bool,
}

impl Effective {
    pub(super) const fn of(policy: BreakerPolicy) -> Self {
        Self {
            policy,
            enabled: true,
        }
    }
}

/// Says what holds for a name whose declared settings are these; `None` leaves them alone. Called outside any lock.
pub(crate) type Overriding =
    Arc<dyn Fn(Cow<'static, str>, &BreakerPolicy) -> Option<Effective> + Send + Sync>;

/// Breakers by name. A test scope has its own.
pub(crate) struct Breakers(Mutex<Names>);

struct Names {
    families: BTreeMap<Cow<'static, str>, Arc<Family>>,
    overriding: Option<Overriding>,
}

impl Breakers {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Names {
            families: BTreeMap::new(),
            overriding: None,
        }))
    }

    /// All breakers of this name, of which there may be none yet.
    pub(crate) fn family(&self, name: Cow<'static, str>) -> Arc<Family> {
        self.family_over(name, &BreakerPolicy::DEFAULT)
    }

    /// The same; if there is none yet, what goes over its settings goes over `base`.
    fn family_over(&self, name: Cow<'static, str>, base: &BreakerPolicy) -> Arc<Family> {
        loop {
            let overriding = {
                let names = lock(&self.0);
                if let Some(family) = names.families.get(&name) {
                    return Arc::clone(family);
                }
                names.overriding.clone()
            };
            let effective = effective(overriding.as_ref(), name.clone(), base);
            let mut names = lock(&self.0);
            if is_same(overriding.as_ref(), names.overriding.as_ref()) {
                let family = Family::new(name.clone(), effective);
                let family = names
                    .families
                    .entry(name)
                    .or_insert_with(|| Arc::new(family));
                return Arc::clone(family);
            }
        }
    }

    /// The same, if anybody has asked for the name.
    pub(crate) fn find(&self, name: &str) -> Option<Arc<Family>> {
        lock(&self.0).families.get(name).map(Arc::clone)
    }

    /// All names, in their order.
    pub(crate) fn families(&self) -> Vec<Arc<Family>> {
        lock(&self.0).families.values().map(Arc::clone).collect()
    }

    /// Declares settings for a name.
    pub(crate) fn declare(
        &self,
        name: Cow<'static, str>,
        policy: BreakerPolicy,
        place: Place,
    ) -> Result<Arc<Family>, ConfigError> {
        if let Err(rule) = policy.check() {
            return Err(ConfigError::rule(shown(&name), place, rule));
        }
        let overriding = lock(&self.0).overriding.clone();
        let family = self.family_over(name, &policy);
        if family.accepts(&policy, place)? {
            let effective = effective(overriding.as_ref(), family.full_name().clone(), &policy);
            if family.declare(policy, place, effective)? {
                family.hold(effective);
            }
            if !is_same(overriding.as_ref(), lock(&self.0).overriding.as_ref()) {
                self.settle(&family);
            }
        }
        Ok(family)
    }

    /// Puts settings of the running program over the declared ones, for every name there is and will be; `None` takes
    /// them away.
    pub(crate) fn override_settings(&self, overriding: Option<Overriding>) {
        let before = core::mem::replace(&mut lock(&self.0).overriding, overriding);
        drop(before);
        for family in self.families() {
            self.settle(&family);
        }
    }

    /// Puts in force what is declared and what goes over it.
    fn settle(&self, family: &Family) {
        loop {
            let overriding = lock(&self.0).overriding.clone();
            family.hold(effective(
                overriding.as_ref(),
                family.full_name().clone(),
                &family.base(),
            ));
            if is_same(overriding.as_ref(), lock(&self.0).overriding.as_ref()) {
                break;
            }
        }
    }
}

impl fmt::Debug for Breakers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breakers")
            .field("names", &lock(&self.0).families.len())
            .finish_non_exhaustive()
    }
}

/// The settings that go over the declared ones, where there are such and they do not break a rule.
fn effective(
    overriding: Option<&Overriding>,
    name: Cow<'static, str>,
    base: &BreakerPolicy,
) -> Effective {
    overriding
        .and_then(|overriding| overriding(name, base))
        .filter(|effective| effective.policy.check().is_ok())
        .unwrap_or(Effective::of(*base))
}

fn is_same(one: Option<&Overriding>, other: Option<&Overriding>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        _ => false,
    }
}
