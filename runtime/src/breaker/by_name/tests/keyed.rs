//! Breakers by key: found by text, evicted in order.

use core::fmt;
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::named::{PLACE, fail, failures, named, threshold};
use crate::SafeText;
use crate::breaker::by_name::keyed::{Keyed, MAX_KEYS, bounded};
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
    // Without holding them.
    let mut known = Vec::new();
    for index in 0..MAX_KEYS {
        // 100 without a failure, 800 with one, 124 open.
        let named = failed(match index {
            0..100 => 0,
            100..900 => 1,
            _ => 2,
        });
        known.push(Arc::downgrade(&named));
        assert!(keyed.insert(&index.to_string(), named, 0).is_empty());
    }
    for index in (0..MAX_KEYS).rev() {
        let got = keyed.get(&index.to_string()).unwrap();
        assert_eq!(Arc::as_ptr(&got), known[index].as_ptr());
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
        let evicted = Arc::as_ptr(&evicted[at]);
        assert_eq!(evicted, known[index].as_ptr(), "{index} at {at}");
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
    let permit = Permit::acquire(Handle(Arc::clone(&first)), Duration::ZERO, 0).unwrap();
    for index in 0..MAX_KEYS {
        // Worth more than a permit.
        fail(&family.keyed(&index));
    }
    assert!(!Arc::ptr_eq(&first, &family.keyed(&"first")));
    permit.record(Outcome::Failure, 0);
    assert_eq!(first.core().state(), State::Open);
    assert_eq!(family.keyed(&"first").core().state(), State::Closed);
}

#[test]
fn what_somebody_has_in_hand_or_made_his_own_goes_after_what_is_clean() {
    let breakers = Breakers::new();
    let declared = breakers.declare("own".into(), threshold(9), PLACE);
    let family = declared.unwrap();
    let make = |key: &str| Arc::as_ptr(&family.keyed(&key));
    let reconfigured = make("reconfigured");
    family
        .keyed(&"reconfigured")
        .reconfigure(threshold(1))
        .unwrap();
    let listened = make("listened");
    family.keyed(&"listened").core().listen(|_| {});
    let handle = family.keyed(&"handle");
    let held = family.keyed(&"permit");
    let permit = Permit::acquire(Handle(held), Duration::ZERO, 0).unwrap();
    let failed = make("failed");
    fail(&family.keyed(&"failed"));
    let flood = || {
        for index in 0..2 * MAX_KEYS {
            family.keyed(&index);
        }
    };
    flood();
    assert_eq!(make("reconfigured"), reconfigured);
    assert_eq!(make("listened"), listened);
    assert_eq!(make("handle"), Arc::as_ptr(&handle));
    assert_eq!(make("failed"), failed);
    permit.record(Outcome::Failure, 0);
    assert_eq!(failures(&family.keyed(&"permit")), 1);
    // Settings for all make nothing anybody's own.
    family.reconfigure(threshold(3));
    assert!(!family.keyed(&"reconfigured").is_made_ones_own());
    assert!(family.keyed(&"listened").is_made_ones_own());
}

#[test]
fn a_long_key_is_kept_short() {
    let key = |length: usize, last: char| format!("{}{last}", "\u{20ac}".repeat(length));
    // Three bytes a sign.
    let short = key(85, 'a');
    assert_eq!((short.len(), &*bounded(&short)), (256, &*short));
    let (one, two) = (key(100_000, 'a'), key(100_000, 'b'));
    assert_eq!(bounded(&one), bounded(&one));
    assert_ne!(bounded(&one), bounded(&two));
    assert_eq!(bounded(&one).len(), 255 + 32);
    assert!(bounded(&one).starts_with(&"\u{20ac}".repeat(85)));
    let breakers = Breakers::new();
    let family = breakers.family("long".into());
    let first = family.keyed(&one);
    fail(&first);
    assert_eq!(failures(&family.keyed(&one)), 1);
    assert_eq!(failures(&family.keyed(&two)), 0);
    assert_eq!(
        first.key().map(SafeText::as_str),
        Some("(longer than 256 bytes)")
    );
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
    assert_eq!(outer.key().map(SafeText::as_str), Some("outer"));
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

#[test]
fn debug_shows_names_and_keys_through_the_filter() {
    let family = Breakers::new().family("db password=hunter2secret".to_owned().into());
    family.keyed(&"svc password=hunter2secret");
    let shown = format!("{family:?}");
    assert!(
        shown.starts_with(r#"Family { name: "db password=[REDACTED]", members: "#),
        "{shown}"
    );
    assert!(!shown.contains("hunter2"), "{shown}");
}
