//! What is fixed about the breaker of an annotated function, in a `static`.

use core::fmt::Display;
use std::sync::{Arc, OnceLock};

use super::family::Family;
use super::named::Named;
use super::{Place, registry};
use crate::BreakerPolicy;
use crate::error::ConfigError;
use crate::observe;
use registry::Breakers;

/// The breaker of an annotated function: its name, where it stands, and the settings that it declares, if any.
///
/// The breaker itself is found at the first call, and kept.
#[derive(Debug)]
pub struct BreakerSite {
    name: &'static str,
    place: Place,
    policy: Option<BreakerPolicy>,
    single: OnceLock<&'static Named>,
    family: OnceLock<Arc<Family>>,
    conflict: OnceLock<ConfigError>,
}

impl BreakerSite {
    /// Joins whatever settings the name has; the defaults hold until somebody declares some.
    pub const fn new(name: &'static str, file: &'static str, line: u32) -> Self {
        Self {
            name,
            place: Place::new(file, line),
            policy: None,
            single: OnceLock::new(),
            family: OnceLock::new(),
            conflict: OnceLock::new(),
        }
    }

    /// The same site, which declares settings.
    #[must_use]
    pub const fn with_policy(mut self, policy: BreakerPolicy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// The breaker of the name. Once it has been found, one load.
    #[inline]
    pub(crate) fn single(&'static self) -> Result<&'static Named, ConfigError> {
        #[cfg(feature = "test-util")]
        if crate::testing::is_open() {
            return Ok(registry::with(|breakers| self.join(breakers))?.single());
        }
        match self.single.get() {
            Some(named) => Ok(named),
            None => self.find_single(),
        }
    }

    /// The same, if it has been found.
    #[inline]
    pub(crate) fn found(&'static self) -> Option<&'static Named> {
        #[cfg(feature = "test-util")]
        if crate::testing::is_open() {
            return None;
        }
        self.single.get().copied()
    }

    /// The breaker of a key of the name.
    pub(crate) fn keyed(&'static self, key: &dyn Display) -> Result<Arc<Named>, ConfigError> {
        #[cfg(feature = "test-util")]
        if crate::testing::is_open() {
            return Ok(registry::with(|breakers| self.join(breakers))?.keyed(key));
        }
        match self.family.get() {
            Some(family) => Ok(family.keyed(key)),
            None => Ok(self.find_family()?.keyed(key)),
        }
    }

    #[cold]
    #[inline(never)]
    fn find_single(&'static self) -> Result<&'static Named, ConfigError> {
        let family = self.find_family()?;
        Ok(self.single.get_or_init(|| family.single()))
    }

    /// A conflict is found once, because the first settings stay.
    #[cold]
    fn find_family(&'static self) -> Result<&'static Arc<Family>, ConfigError> {
        if let Some(conflict) = self.conflict.get() {
            return Err(conflict.clone());
        }
        match registry::with(|breakers| self.join(breakers)) {
            Ok(family) => Ok(self.family.get_or_init(|| family)),
            Err(conflict) => Err(self.conflict.get_or_init(|| conflict).clone()),
        }
    }

    fn join(&self, breakers: &Breakers) -> Result<Arc<Family>, ConfigError> {
        let Some(policy) = self.policy else {
            return Ok(breakers.family(self.name.into()));
        };
        let joined = breakers.declare(self.name.into(), policy, self.place);
        if let Err(conflict) = &joined
            && breakers.is_first_conflict(self.place)
        {
            observe::conflict(conflict);
        }
        joined
    }
}
