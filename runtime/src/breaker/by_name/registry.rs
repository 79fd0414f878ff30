//! Breakers by name. Loom's locks cannot be in statics, so it knows none of this.

use core::fmt;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Place;
use super::family::{Family, Said, stamp};
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
    over: Over,
    /// Where settings are written that have been told to be in conflict.
    conflicts: BTreeSet<Place>,
}

/// The settings of the running program, of which later ones have a higher version.
#[derive(Clone)]
struct Over {
    version: u64,
    overriding: Option<Overriding>,
}

impl Over {
    /// The settings that go over the declared ones, where there are such and they do not break a rule.
    fn effective(&self, name: Cow<'static, str>, base: &BreakerPolicy) -> Effective {
        self.overriding
            .as_ref()
            .and_then(|overriding| overriding(name, base))
            .filter(|effective| effective.policy.check().is_ok())
            .unwrap_or(Effective::of(*base))
    }
}

impl Breakers {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Names {
            families: BTreeMap::new(),
            over: Over {
                version: 0,
                overriding: None,
            },
            conflicts: BTreeSet::new(),
        }))
    }

    /// All breakers of this name, of which there may be none yet.
    pub(crate) fn family(&self, name: Cow<'static, str>) -> Arc<Family> {
        self.family_over(name, &BreakerPolicy::DEFAULT)
    }

    /// The same; if there is none yet, what goes over its settings goes over `base`.
    fn family_over(&self, name: Cow<'static, str>, base: &BreakerPolicy) -> Arc<Family> {
        loop {
            let over = {
                let names = lock(&self.0);
                if let Some(family) = names.families.get(&name) {
                    return Arc::clone(family);
                }
                names.over.clone()
            };
            let said = Said {
                stamp: stamp(over.version, false),
                effective: over.effective(name.clone(), base),
            };
            let mut names = lock(&self.0);
            if over.version == names.over.version {
                let family = Family::new(name.clone(), said);
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

    /// Declares settings for a name. Returns when they are in force, whoever declared them first.
    pub(crate) fn declare(
        &self,
        name: Cow<'static, str>,
        policy: BreakerPolicy,
        place: Place,
    ) -> Result<Arc<Family>, ConfigError> {
        if let Err(rule) = policy.check() {
            return Err(ConfigError::rule(shown(&name), place, rule));
        }
        let family = self.family_over(name, &policy);
        family.accepts(&policy, place)?;
        if family.declared_at().is_none() {
            let over = self.over();
            let said = Said {
                stamp: stamp(over.version, true),
                effective: over.effective(family.full_name().clone(), &policy),
            };
            family.declare(policy, place, said)?;
        }
        self.settle(&family);
        Ok(family)
    }

    /// True for the first caller of each place, so that a conflict is told once and not at every call.
    pub(super) fn is_first_conflict(&self, place: Place) -> bool {
        lock(&self.0).conflicts.insert(place)
    }

    /// Puts settings of the running program over the declared ones, for every name there is and will be; `None` takes
    /// them away. Of two versions that come at once the higher one stays. Returns when it is in force.
    pub(crate) fn override_settings(&self, version: u64, overriding: Option<Overriding>) {
        let mut over = Over {
            version,
            overriding,
        };
        {
            let mut names = lock(&self.0);
            if version > names.over.version {
                core::mem::swap(&mut names.over, &mut over);
            }
        }
        // Outside the lock: what it owns.
        drop(over);
        for family in self.families() {
            self.settle(&family);
        }
    }

    fn over(&self) -> Over {
        lock(&self.0).over.clone()
    }

    /// Puts in force what is declared and what goes over it. Whoever sets other settings meanwhile sees to it himself.
    fn settle(&self, family: &Family) {
        let over = self.over();
        if let Some(stamp) = family.news(over.version) {
            family.hold(Said {
                stamp,
                effective: over.effective(family.full_name().clone(), &family.base()),
            });
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
