//! Breakers in a test scope.

use core::cell::Cell;
use std::sync::Arc;

use super::named::{fail, threshold};
use crate::breaker::State;
use crate::breaker::by_name::site::BreakerSite;
use crate::{Breaker, Error, testing};

#[test]
fn a_scope_has_breakers_of_its_own() {
    static SITE: BreakerSite = BreakerSite::new("unit.scope", "a.rs", 1).with_policy(threshold(1));
    let outside = SITE.single().unwrap();
    {
        let _scope = testing::scope(1);
        let inside = SITE.single().unwrap();
        fail(inside);
        assert!(core::ptr::eq(inside, SITE.single().unwrap()));
        assert_eq!(inside.core().state(), State::Open);
        assert_eq!(Breaker::list().len(), 1);
        assert!(Arc::ptr_eq(
            &SITE.keyed(&1).unwrap(),
            &SITE.keyed(&1).unwrap()
        ));
    }
    assert_eq!(outside.core().state(), State::Closed);
    assert!(core::ptr::eq(outside, SITE.single().unwrap()));
    let _scope = testing::scope(1);
    assert_eq!(SITE.single().unwrap().core().state(), State::Closed);
}

std::thread_local! {
    static TOLD: Cell<u32> = const { Cell::new(0) };
}

#[test]
fn what_a_listener_owns_may_use_the_scope_when_it_ends() {
    struct Last;
    impl Drop for Last {
        fn drop(&mut self) {
            assert!(!testing::is_open());
            TOLD.set(TOLD.get() + 1);
        }
    }
    let scope = testing::scope(1);
    let breaker = Breaker::register("scoped", threshold(1))
        .unwrap()
        .for_key(&1);
    let last = Last;
    breaker.listen(move |_| {
        let _ = &last;
    });
    drop((scope, breaker));
    assert_eq!(TOLD.get(), 1);
}

#[test]
fn blocking_calls_follow_the_virtual_clock() {
    let scope = testing::scope(1);
    let breaker = Breaker::register("blocking", threshold(1)).unwrap();
    let calls = Cell::new(0);
    let call = |outcome: std::io::Result<()>| {
        breaker.call_blocking(|| {
            calls.set(calls.get() + 1);
            outcome
        })
    };
    let refused = || std::io::ErrorKind::ConnectionRefused.into();
    assert!(call(Err(refused())).is_err());
    scope.advance(core::time::Duration::from_secs(59));
    let rejected = call(Ok(())).unwrap_err().downcast::<Error>().unwrap();
    assert_eq!(
        rejected.retry_in(),
        Some(core::time::Duration::from_secs(1))
    );
    assert_eq!(calls.get(), 1);
    scope.advance(core::time::Duration::from_secs(1));
    assert!(call(Ok(())).is_ok());
    assert_eq!((calls.get(), breaker.state()), (2, State::Closed));
}
