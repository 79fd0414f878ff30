//! Breakers by key: found by text, evicted in order.

use core::fmt;
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::named::{PLACE, fail, failures, named, threshold};
use crate::SafeText;
use crate::breaker::by_name::keyed::{Keyed, MAX_KEYS};
use crate::breaker::by_name::named::{Handle, Named};
use crate::breaker::by_name::registry::Breakers;
use crate::breaker::{Outcome, Permit, State};

/// A breaker without a failure, with one, or with one that opened it.
fn failed(times: u32) -> Arc<Named> {
    let named = named(threshold(if times > 1 { 1 } else { 9 }));
    for _ in 0..times.min(1) {
        fail(&named);
    }
    named
}

#[test]
fn a_full_name_evicts_an_eighth_in_the_order_of_worth_and_use() {
    let mut keyed = Keyed::new();
    let mut known = Vec::new();
    for index in 0..MAX_KEYS {
        // 100 without a failure, 800 with one, 124 open.
        let named = failed(match index {
            0..100 => 0,
            100..900 => 1,
            _ => 2,
        });
        assert!(
            keyed
                .insert(&index.to_string(), Arc::clone(&named), 0)
                .is_empty()
        );
        known.push(named);
    }
    for index in (0..MAX_KEYS).rev() {
        assert!(Arc::ptr_eq(
            &keyed.get(&index.to_string()).unwrap(),
            &known[index]
        ));
    }
    // All that come are open, so that they go last.
    let mut evicted = Vec::new();
    for index in 0..MAX_KEYS {
        let batch = keyed.insert(&format!("new {index}"), failed(2), 0);
        assert_eq!(
            batch.len(),
            if index % 128 == 0 { 128 } else { 0 },
            "{index}"
        );
        evicted.extend(batch);
    }
    let order = (0..100)
        .rev()
        .chain((100..900).rev())
        .chain((900..MAX_KEYS).rev());
    for (at, index) in order.enumerate() {
        assert!(Arc::ptr_eq(&evicted[at], &known[index]), "{index} at {at}");
    }
    assert_eq!(keyed.all().count(), MAX_KEYS);
}

#[test]
fn a_permit_of_an_evicted_breaker_stays_valid() {
    let breakers = Breakers::new();
    let family = breakers
        .declare("keys".into(), threshold(1), PLACE)
        .unwrap();
    let first = family.keyed(&"first");
    let permit = Permit::acquire(Handle::Shared(Arc::clone(&first)), Duration::ZERO, 0).unwrap();
    for index in 0..MAX_KEYS {
        family.keyed(&index);
    }
    assert!(!Arc::ptr_eq(&first, &family.keyed(&"first")));
    permit.record(Outcome::Failure, 0);
    assert_eq!(first.core().state(), State::Open);
    assert_eq!(family.keyed(&"first").core().state(), State::Closed);
}

/// A key whose text leads to the breakers of keys itself.
struct Reentrant<'a>(&'a Breakers);

impl fmt::Display for Reentrant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out")?;
        let inner = self.0.family("keys".into()).keyed(&"inner");
        assert_eq!(failures(&inner), 1);
        f.write_str("er")
    }
}

#[test]
fn keys_are_found_by_text_and_their_display_may_reenter() {
    let breakers = Breakers::new();
    let family = breakers.family("keys".into());
    let (outer, inner) = (family.keyed(&"outer"), family.keyed(&"inner"));
    fail(&inner);
    assert!(Arc::ptr_eq(&outer, &family.keyed(&Reentrant(&breakers))));
    assert_eq!(family.all().len(), 2);
    assert_eq!(outer.key().map(SafeText::as_str), Some("[REDACTED]"));
    // A text that panics half-way, and one that gives up.
    let panics = catch_unwind(AssertUnwindSafe(|| family.keyed(&Panics)));
    assert!(panics.is_err());
    assert!(Arc::ptr_eq(&outer, &family.keyed(&GivesUp)));
    assert_eq!(family.all().len(), 2);
}

struct Panics;

impl fmt::Display for Panics {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("of a key")
    }
}

struct GivesUp;

impl fmt::Display for GivesUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outer")?;
        Err(fmt::Error)
    }
}
