//! Listeners of a whole name.

use std::sync::Arc;

use super::Transition;
use crate::SafeText;
use crate::contain::contain;
use crate::sync::{Mutex, lock};

type Hearer = Arc<dyn Fn(Option<&SafeText>, &Transition) + Send + Sync>;

/// Those who hear of every breaker of a name.
pub(super) struct Hearers(Mutex<Vec<Hearer>>);

impl Hearers {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    pub(super) fn add(
        &self,
        hearer: impl Fn(Option<&SafeText>, &Transition) + Send + Sync + 'static,
    ) {
        lock(&self.0).push(Arc::new(hearer));
    }

    /// Tells all of them, outside any lock.
    pub(super) fn tell(&self, key: Option<&SafeText>, transition: &Transition) {
        let hearers = lock(&self.0).clone();
        for hearer in hearers {
            let _ = contain(|| hearer(key, transition));
        }
    }
}

impl core::fmt::Debug for Hearers {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("Hearers")
            .field(&lock(&self.0).len())
            .finish()
    }
}
