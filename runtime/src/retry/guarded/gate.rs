//! Which breaker a call passes.

use core::fmt::Display;
use core::ops::Deref;
use std::sync::Arc;

use crate::breaker::{BreakerSite, Core, Handle, Named, Permit};
use crate::error::ConfigError;

/// Where the breaker of a call is found.
pub trait Gate {
    /// What leads a permit to the breaker.
    type Core: Deref<Target = Core>;

    /// The breaker.
    ///
    /// # Errors
    /// Its settings are in conflict.
    fn named(&self) -> Result<&Named, ConfigError>;

    /// The same for a permit to hold.
    ///
    /// # Errors
    /// As [`named`](Self::named).
    fn core(&self) -> Result<Self::Core, ConfigError>;

    /// A permit, if it costs no more than a look; anything else is looked into by those who have time.
    fn permit_at_once(&self) -> Option<Permit<Self::Core>>;
}

/// The breaker of an annotated function, found once.
#[derive(Debug)]
pub struct Single(pub(super) &'static BreakerSite);

impl Gate for Single {
    type Core = &'static Core;

    #[inline]
    fn named(&self) -> Result<&Named, ConfigError> {
        self.0.single()
    }

    fn core(&self) -> Result<&'static Core, ConfigError> {
        self.0.single().map(Named::core)
    }

    #[inline]
    fn permit_at_once(&self) -> Option<Permit<&'static Core>> {
        Permit::at_once(self.0.found()?.core())
    }
}

/// A breaker that the call holds: of an annotated function and a key, or one that was made by hand.
#[derive(Debug)]
pub struct Held(Result<Arc<Named>, ConfigError>);

impl Held {
    /// The breaker of a key.
    pub(super) fn find(site: &'static BreakerSite, key: &dyn Display) -> Self {
        Self(site.keyed(key))
    }

    pub(crate) const fn by(breaker: Arc<Named>) -> Self {
        Self(Ok(breaker))
    }

    fn get(&self) -> Result<&Arc<Named>, ConfigError> {
        self.0.as_ref().map_err(Clone::clone)
    }
}

impl Gate for Held {
    type Core = Handle;

    fn named(&self) -> Result<&Named, ConfigError> {
        self.get().map(|named| &**named)
    }

    fn core(&self) -> Result<Handle, ConfigError> {
        self.get().map(|named| Handle(Arc::clone(named)))
    }

    fn permit_at_once(&self) -> Option<Permit<Handle>> {
        Permit::at_once(self.core().ok()?)
    }
}
