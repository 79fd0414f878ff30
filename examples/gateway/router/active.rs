//! Who is at which order.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::protocol::Name;

/// The orders that somebody in this process is at.
#[derive(Debug, Default)]
pub(super) struct Active(Mutex<HashSet<Name>>);

/// One order is ours until this is dropped.
#[derive(Debug)]
pub(super) struct Claim<'a> {
    active: &'a Active,
    id: &'a Name,
}

impl Active {
    /// Takes an order, unless somebody has it.
    pub(super) fn claim<'a>(&'a self, id: &'a Name) -> Option<Claim<'a>> {
        let is_free = self.ids().insert(id.clone());
        // Not `then_some`: a claim that is made and dropped takes the order from whoever has it.
        is_free.then(|| Claim { active: self, id })
    }

    fn ids(&self) -> MutexGuard<'_, HashSet<Name>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.active.ids().remove(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::Active;
    use crate::protocol::Name;

    #[test]
    fn an_order_has_one_who_is_at_it() {
        let active = Active::default();
        let [one, other] = ["o-1", "o-2"].map(Name::of_program);
        let claim = active.claim(&one);
        assert!(claim.is_some());
        // Being refused changes nothing.
        assert!((0..3).all(|_| active.claim(&one).is_none()));
        assert!(active.claim(&other).is_some());
        drop(claim);
        assert!(active.claim(&one).is_some());
    }
}
