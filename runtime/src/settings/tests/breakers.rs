//! When settings of breakers are in force.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;

use super::*;
use crate::breaker::State;
use crate::breaker::registry::{Breakers, Effective};
use crate::{Breaker, breaker::Place};

const PLACE: Place = Place::new("a.rs", 1);

#[test]
fn they_are_in_force_on_return_while_anothers_listener_is_stuck() {
    let _alone = alone();
    let breaker = Breaker::register("stuck", BreakerPolicy::DATABASE).unwrap();
    let (entered, has_entered) = mpsc::channel::<()>();
    let (end, ends) = mpsc::channel::<()>();
    let ends = Mutex::new(ends);
    breaker.listen(move |transition| {
        if transition.to == State::Disabled {
            entered.send(()).unwrap();
            let _ = ends.lock().unwrap().recv();
        }
    });
    let own = BreakerSettings::new();
    let off = Settings::new().with_breaker("stuck", own.with_enabled(false));
    let first = thread::spawn(|| apply(off).unwrap());
    has_entered.recv().unwrap();
    apply(Settings::new().with_breaker("stuck", own.with_failure_threshold(1))).unwrap();
    let policy = BreakerPolicy::DATABASE.with_failure_threshold(1);
    assert_eq!((breaker.policy(), breaker.state()), (policy, State::Closed));
    // What the first one has still to do is old by then, and does not close what has opened since.
    breaker.acquire().unwrap().failure();
    drop(end);
    first.join().unwrap();
    assert_eq!((breaker.policy(), breaker.state()), (policy, State::Open));
}

#[test]
fn the_version_that_comes_late_is_not_heard() {
    let breakers = Breakers::new();
    let family = breakers
        .declare("late".into(), BreakerPolicy::DATABASE, PLACE)
        .unwrap();
    let holds = |policy: BreakerPolicy| {
        Some(Arc::new(move |_, _: &BreakerPolicy| {
            Some(Effective {
                policy,
                enabled: true,
            })
        }) as _)
    };
    breakers.override_settings(2, holds(BreakerPolicy::NETWORK));
    breakers.override_settings(1, holds(BreakerPolicy::DEFAULT));
    assert_eq!(family.single().core().policy(), BreakerPolicy::NETWORK);
    assert_eq!(family.keyed(&1).core().policy(), BreakerPolicy::NETWORK);
}

#[test]
fn a_panic_on_the_way_loses_no_settings() {
    let breakers = Breakers::new();
    let declare =
        |name: &'static str| breakers.declare(name.into(), BreakerPolicy::DATABASE, PLACE);
    let (one, two) = (declare("one").unwrap(), declare("two").unwrap());
    let (one, two) = (one.single(), two.single());
    let asked = Mutex::new(0);
    let overriding = move |_: std::borrow::Cow<'static, str>, base: &BreakerPolicy| {
        let asked = {
            let mut asked = asked.lock().unwrap();
            *asked += 1;
            *asked
        };
        assert!(asked != 2, "of a sink");
        Some(Effective {
            policy: base.with_half_open_calls(3),
            enabled: true,
        })
    };
    let overriding: crate::breaker::registry::Overriding = Arc::new(overriding);
    let put = || breakers.override_settings(1, Some(Arc::clone(&overriding)));
    assert!(catch_unwind(AssertUnwindSafe(put)).is_err());
    assert_eq!(two.core().policy(), BreakerPolicy::DATABASE);
    put();
    for named in [one, two] {
        assert_eq!(
            named.core().policy(),
            BreakerPolicy::DATABASE.with_half_open_calls(3)
        );
    }
}

#[test]
fn the_first_settings_hold_when_any_declarer_returns() {
    const THREADS: usize = 4;
    for _ in 0..100 {
        let breakers = Breakers::new();
        let joined = breakers.family("first".into());
        let single = joined.single();
        let keys: Vec<_> = (0..50).map(|key| joined.keyed(&key)).collect();
        let start = Barrier::new(THREADS);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    start.wait();
                    breakers
                        .declare("first".into(), BreakerPolicy::DATABASE, PLACE)
                        .unwrap();
                    for named in keys.iter().chain([single]) {
                        assert_eq!(named.core().policy(), BreakerPolicy::DATABASE);
                    }
                });
            }
        });
    }
}
