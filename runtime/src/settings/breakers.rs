//! How breakers follow their settings.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::book::Declared;
use super::{BreakerSettings, SettingsRule, with_book};
use crate::breaker::registry::{self, Breakers, Effective, Overriding, shown};
use crate::observe::{self, Event};
use crate::sync::{Mutex, lock};
use crate::{BreakerPolicy, SafeText};

/// What is declared for the breakers that there are; the defaults for those that have only been joined.
pub(super) fn declared() -> Vec<Declared> {
    let families = registry::with(Breakers::families);
    let declared = families
        .iter()
        .map(|family| (family.name().to_owned(), family.base()));
    declared.collect()
}

/// Brings the breakers in line with the settings, with the last ones if they change meanwhile. What listeners do
/// meanwhile, another set of settings included, runs under no lock.
pub(super) fn follow() {
    let (version, settings) = with_book(|book| book.breakers());
    let overriding = (!settings.is_empty()).then(|| overriding(settings));
    registry::with(|breakers| breakers.override_settings(version, overriding));
}

/// Asked by the registry for each breaker that there is, and for each that turns up.
fn overriding(settings: BTreeMap<String, BreakerSettings>) -> Overriding {
    let told = Mutex::new(BTreeSet::new());
    Arc::new(move |name: Cow<'static, str>, declared: &BreakerPolicy| {
        let set = settings.get(&*name)?;
        let policy = set.policy(declared).unwrap_or_else(|rule| {
            if lock(&told).insert(name.clone()) {
                // A sink that panics keeps no breaker from its settings.
                let _ = catch_unwind(AssertUnwindSafe(|| tell_left_out(&shown(&name), rule)));
            }
            *declared
        });
        Some(Effective {
            policy,
            enabled: !set.is_off(),
        })
    })
}

fn tell_left_out(name: &SafeText, rule: SettingsRule) {
    observe::emit(&Event::SettingsLeftOut {
        name,
        place: None,
        rule: rule.message(),
    });
}
