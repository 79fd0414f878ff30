//! Settings of a test scope, and what breakers make of them.

use super::*;
use crate::breaker::State;
use crate::{Breaker, testing};

#[test]
fn breakers_follow_their_settings_and_return() {
    let _scope = testing::scope(1);
    let known = Breaker::register("known", BreakerPolicy::DATABASE).unwrap();
    let own = BreakerSettings::new();
    apply(
        Settings::new()
            .with_breaker("known", own.with_failure_threshold(9))
            .with_breaker("later", own.with_enabled(false).with_half_open_calls(4)),
    )
    .unwrap();
    assert_eq!(
        known.policy(),
        BreakerPolicy::DATABASE.with_failure_threshold(9)
    );
    let later = Breaker::register("later", BreakerPolicy::NETWORK).unwrap();
    assert_eq!(
        later.policy(),
        BreakerPolicy::NETWORK.with_half_open_calls(4)
    );
    assert_eq!(
        (known.state(), later.state()),
        (State::Closed, State::Disabled)
    );

    // Switched by hand, a breaker that nothing is set for stays as it is.
    known.force_open();
    apply(Settings::new().with_breaker("known", own.with_failure_threshold(9))).unwrap();
    assert_eq!(
        (known.state(), later.state()),
        (State::ForcedOpen, State::Closed)
    );
    assert_eq!(later.policy(), BreakerPolicy::NETWORK);
    apply(Settings::new()).unwrap();
    assert_eq!(known.policy(), BreakerPolicy::DATABASE);
    assert_eq!(known.state(), State::ForcedOpen);
}

#[test]
fn a_breaker_entry_that_does_not_fit_is_refused_and_nothing_changes() {
    static SITE: Site = Site::new("beside", "a.rs", 1, RetryPolicy::ORDER);
    let _scope = testing::scope(1);
    let known = Breaker::register("counted", BreakerPolicy::DATABASE).unwrap();
    SITE.current();
    let own = BreakerSettings::new();
    let refused = Settings::new()
        .with_call("beside", CallSettings::new().with_max_retries(1))
        .with_breaker("another", own.with_half_open_calls(2))
        .with_breaker("counted", own.with_minimum_calls(20));
    let error = apply(refused).unwrap_err();
    assert_eq!(error.name(), "counted");
    assert_eq!(
        error.to_string(),
        format!(
            "the settings of the breaker `counted`: {}",
            BreakerPolicyError::MinimumCallsWithoutFailureRate.message()
        )
    );
    assert_eq!(known.policy(), BreakerPolicy::DATABASE);
    assert_eq!(SITE.current().policy(), &RetryPolicy::ORDER);
    assert_eq!(current(), Settings::new());
}

#[test]
fn a_listener_may_apply_settings() {
    let _scope = testing::scope(1);
    let breaker = Breaker::register("listened", BreakerPolicy::DATABASE).unwrap();
    let own = BreakerSettings::new();
    breaker.listen(move |transition| {
        if transition.to == State::Disabled {
            apply(Settings::new().with_breaker("listened", own.with_half_open_calls(3))).unwrap();
        }
    });
    apply(Settings::new().with_breaker("listened", own.with_enabled(false))).unwrap();
    assert_eq!(breaker.state(), State::Closed);
    assert_eq!(
        breaker.policy(),
        BreakerPolicy::DATABASE.with_half_open_calls(3)
    );
}

#[test]
fn a_scope_has_settings_and_calls_of_its_own() {
    static SITE: Site = Site::new("scoped", "a.rs", 1, RetryPolicy::ORDER);
    let _alone = alone();
    set("scoped", CallSettings::new().with_max_retries(8));
    assert_eq!(SITE.current().policy().max_retries(), 8);
    {
        let _scope = testing::scope(1);
        assert_eq!((current(), calls()), (Settings::new(), Vec::new()));
        assert_eq!(SITE.current().policy().max_retries(), 5);
        set("scoped", CallSettings::new().with_max_retries(1));
        assert_eq!(SITE.current().policy().max_retries(), 1);
        assert_eq!(calls().len(), 1);
        {
            let _inner = testing::scope(2);
            assert_eq!(SITE.current().policy().max_retries(), 5);
        }
        let outside = std::thread::spawn(|| SITE.current().policy().max_retries());
        assert_eq!(outside.join().unwrap(), 8);
        assert_eq!(SITE.current().policy().max_retries(), 1);
    }
    assert_eq!(SITE.current().policy().max_retries(), 8);
}
