use core::time::Duration;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{ASKED, BreakerSettings, CallSettings, Settings, SettingsRule, apply, calls, current};
use crate::backoff::WaitSequence;
use crate::retry::site::{Change, Payer, Site};
use crate::{
    BreakerPolicy, BreakerPolicyError, Budget, BudgetPolicy, Jitter, OnCancel, PolicyError,
    RetryPolicy, Strategy, Window,
};

/// A custom strategy.
struct Never;

impl WaitSequence for Never {
    fn next_wait(&mut self, _: u32) -> Option<Duration> {
        None
    }
}

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// For tests of the program's own settings, which are one set for all of them. Gives them back empty.
struct Alone(#[allow(dead_code)] MutexGuard<'static, ()>);

fn alone() -> Alone {
    static ONE: Mutex<()> = Mutex::new(());
    Alone(ONE.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Drop for Alone {
    fn drop(&mut self) {
        apply(Settings::new()).unwrap();
    }
}

fn set(name: &str, call: CallSettings) {
    apply(Settings::new().with_call(name, call)).unwrap();
}

fn change(policy: RetryPolicy) -> Change {
    Change {
        enabled: true,
        policy,
        keeps_sequence: true,
    }
}

#[test]
fn the_happy_path_asks_nobody_and_a_changed_site_takes_no_lock() {
    static SITE: Site = Site::new("asks", "a.rs", 1, RetryPolicy::DEFAULT);
    let _alone = alone();
    let asked = |calls: u32| {
        let before = ASKED.get();
        for _ in 0..calls {
            SITE.current();
        }
        ASKED.get() - before
    };
    assert_eq!(asked(1), 1);
    assert_eq!(asked(1000), 0);
    set("asks", CallSettings::new().with_max_retries(2));
    assert_eq!(SITE.current().policy().max_retries(), 2);
    assert_eq!(asked(1000), 0);
    apply(Settings::new()).unwrap();
    assert!(core::ptr::eq(SITE.current(), &raw const SITE));
    assert_eq!(asked(1000), 0);
}

#[test]
fn going_to_and_fro_makes_no_more_sites() {
    static SITE: Site = Site::new("to and fro", "a.rs", 1, RetryPolicy::DEFAULT);
    let _alone = alone();
    SITE.current();
    let in_turn = |retries: u32| {
        set("to and fro", CallSettings::new().with_max_retries(retries));
        SITE.current()
    };
    let (one, two) = (in_turn(1), in_turn(2));
    assert!(!core::ptr::eq(one, two));
    for _ in 0..10 {
        assert!(core::ptr::eq(in_turn(1), one));
        assert!(core::ptr::eq(in_turn(2), two));
    }
    // What is set as it is written changes nothing.
    assert!(core::ptr::eq(in_turn(50), &raw const SITE));
    // A changed site is itself, whoever asks.
    assert!(core::ptr::eq(one.current(), one));
}

#[test]
fn a_changed_site_keeps_all_else() {
    static SITE: Site = Site::new("all else", "a.rs", 7, RetryPolicy::DEFAULT)
        .with_when_open_wait()
        .with_sequence(|| Box::new(Never));
    let (_, changed) = SITE.with_change(&change(RetryPolicy::ORDER));
    assert_eq!(
        (changed.operation(), changed.place()),
        ("all else", ("a.rs", 7))
    );
    assert!(changed.waits_when_open() && changed.sequence().is_some() && !changed.is_plain());
    assert_eq!(changed.policy(), &RetryPolicy::ORDER);
    // The two tell one event between them.
    assert!(changed.first_time_inside_another());
    assert!(!SITE.first_time_inside_another());
    let named = Change {
        keeps_sequence: false,
        ..change(RetryPolicy::ORDER)
    };
    let (_, named) = SITE.with_change(&named);
    assert!(named.sequence().is_none() && !core::ptr::eq(named, changed));
}

#[test]
fn a_changed_site_pays_from_the_same_budget_whoever_asks_first() {
    static EARLY: Site = Site::new("early", "a.rs", 1, RetryPolicy::DEFAULT);
    static LATE: Site = Site::new("late", "a.rs", 2, RetryPolicy::DEFAULT);
    let drain = |site: &Site| {
        let (budget, now) = (site.budget().unwrap(), crate::clock::now());
        (0..1000).filter(|_| budget.try_withdraw(now)).count()
    };
    let (_, changed) = EARLY.with_change(&change(RetryPolicy::ORDER));
    assert_eq!((drain(changed), drain(&EARLY)), (100, 0));
    assert_eq!(drain(&LATE), 100);
    let (_, changed) = LATE.with_change(&change(RetryPolicy::ORDER));
    assert_eq!(drain(changed), 0);
    let none: &'static Site = Box::leak(Box::new(
        Site::new("none", "a.rs", 3, RetryPolicy::DEFAULT).without_budget(),
    ));
    assert!(
        none.with_change(&change(RetryPolicy::ORDER))
            .1
            .budget()
            .is_none()
    );
}

#[test]
fn a_site_that_is_no_static_pays_as_it_is_told() {
    let policy = BudgetPolicy::new()
        .with_ratio(0.0)
        .with_reserve_per_second(0);
    let given = Budget::new(policy).unwrap();
    let owned = |payer| Site::owned("owned", "a.rs", 1, RetryPolicy::ORDER, payer);
    let spent = |site: &Site| {
        site.budget()
            .map(|budget| budget.try_withdraw(crate::clock::now()))
    };
    assert_eq!(spent(&owned(Payer::Given(given))), Some(false));
    assert_eq!(spent(&owned(Payer::Own)), Some(true));
    assert_eq!(spent(&owned(Payer::Nobody)), None);
    assert_eq!(owned(Payer::Own).policy(), &RetryPolicy::ORDER);
}

#[test]
fn each_setting_of_a_call_goes_over_its_own() {
    static SITE: Site = Site::new("each", "a.rs", 1, RetryPolicy::ORDER);
    let _alone = alone();
    SITE.current();
    let base = RetryPolicy::ORDER;
    let own = CallSettings::new();
    for (settings, policy) in [
        (own.with_timeout(secs(9)), base.with_timeout(secs(9))),
        (
            own.with_attempt_timeout(secs(3)),
            base.with_attempt_timeout(secs(3)),
        ),
        (own.with_max_retries(7), base.with_max_retries(7)),
        (
            own.with_initial_wait(secs(2)),
            base.with_initial_wait(secs(2)),
        ),
        (own.with_max_wait(secs(5)), base.with_max_wait(secs(5))),
        (
            own.with_strategy(Strategy::Linear),
            base.with_strategy(Strategy::Linear),
        ),
        (own.with_multiplier(3.0), base.with_multiplier(3.0)),
        (
            own.with_jitter(Jitter::None),
            base.with_jitter(Jitter::None),
        ),
        (own.with_enabled(true), base),
    ] {
        set("each", settings);
        assert_eq!(SITE.current().policy(), &policy);
        assert!(!SITE.current().is_plain());
    }
    set("each", own.with_enabled(false));
    assert!(SITE.current().is_plain());
    let listed = calls();
    let info = listed.iter().find(|info| info.operation == "each").unwrap();
    assert_eq!((info.file, info.line, info.enabled), ("a.rs", 1, false));
    assert_eq!(info.policy, Some(base));
}

#[test]
fn entries_are_checked_over_what_is_written_where_that_is_known() {
    static KNOWN: Site = Site::new("checked", "a.rs", 1, RetryPolicy::ORDER);
    static PLAIN: Site = Site::new("checked plain", "a.rs", 2, RetryPolicy::ORDER);
    static ALONE: Site = Site::unbounded("checked alone", "a.rs", 3);
    let _alone = alone();
    KNOWN.current();
    PLAIN.current_blocking();
    ALONE.current();
    let own = CallSettings::new();
    let kept = Settings::new().with_call("checked", own.with_timeout(secs(20)));
    apply(kept.clone()).unwrap();
    for (name, settings, rule) in [
        (
            "checked",
            own.with_timeout(secs(0)),
            SettingsRule::Retry(PolicyError::TimeoutNotPositive),
        ),
        // ORDER waits a second first.
        (
            "checked",
            own.with_timeout(Duration::from_millis(500)),
            SettingsRule::Retry(PolicyError::InitialWaitAboveTimeout),
        ),
        (
            "checked plain",
            own.with_attempt_timeout(secs(1)),
            SettingsRule::AttemptTimeoutOfPlainFn,
        ),
        (
            "checked alone",
            own.with_timeout(secs(1)),
            SettingsRule::NotRetried,
        ),
        // Of an unknown name what is wrong whatever is written there.
        (
            "unknown",
            own.with_multiplier(f64::NAN),
            SettingsRule::Retry(PolicyError::MultiplierNotFinite),
        ),
        (
            "unknown",
            own.with_timeout(secs(1)).with_attempt_timeout(secs(2)),
            SettingsRule::Retry(PolicyError::AttemptTimeoutAboveTimeout),
        ),
    ] {
        let both = Settings::new()
            .with_call("checked", own.with_timeout(secs(5)))
            .with_call(name, settings);
        let error = apply(both).unwrap_err();
        assert_eq!((error.name(), error.rule()), (name, rule));
        let text = format!("the settings of the call `{name}`: {}", rule.message());
        assert_eq!(error.to_string(), text);
        assert_eq!(current(), kept);
        assert_eq!(KNOWN.current().policy().timeout(), secs(20));
    }
    set("checked alone", own.with_enabled(false));
    assert!(ALONE.current().is_plain());
    // Of an unknown name what may be right there.
    set("unknown", own.with_timeout(Duration::from_millis(500)));
}

#[test]
fn a_call_that_turns_up_gets_what_was_set_for_it_if_it_fits() {
    static FITS: Site = Site::new("turns up", "a.rs", 1, RetryPolicy::ORDER);
    static MISFIT: Site = Site::new(
        "turns up",
        "a.rs",
        2,
        RetryPolicy::PROTOCOL.with_initial_wait(secs(50)),
    );
    static JOINS: Site = Site::unbounded("turns up", "a.rs", 3);
    let _alone = alone();
    set("turns up", CallSettings::new().with_timeout(secs(40)));
    assert!(!calls().iter().any(|info| info.operation == "turns up"));
    assert_eq!(FITS.current().policy().timeout(), secs(40));
    assert_eq!(MISFIT.current().policy().timeout(), secs(300));
    assert!(core::ptr::eq(JOINS.current(), &raw const JOINS));
    let seen = calls();
    let seen = seen.iter().filter(|info| info.operation == "turns up");
    let timeouts: Vec<_> = seen
        .map(|info| (info.line, info.policy.map(|policy| policy.timeout())))
        .collect();
    assert_eq!(
        timeouts,
        [(1, Some(secs(40))), (2, Some(secs(300))), (3, None)]
    );
    // Now that it is known the same is refused.
    let again = Settings::new().with_call("turns up", CallSettings::new().with_timeout(secs(40)));
    assert_eq!(
        apply(again).unwrap_err().rule(),
        SettingsRule::Retry(PolicyError::InitialWaitAboveTimeout)
    );
}

#[test]
fn settings_of_a_breaker_go_over_declared_ones() {
    let own = BreakerSettings::new();
    let counted = BreakerPolicy::DATABASE;
    let rated = BreakerPolicy::new()
        .with_failure_rate(0.5)
        .with_window(Window::Calls(50));
    for (settings, declared, policy) in [
        (own, counted, counted),
        (own.with_enabled(false), rated, rated),
        (
            own.with_failure_threshold(9),
            counted,
            counted.with_failure_threshold(9),
        ),
        (
            own.with_failure_threshold(9),
            rated,
            rated.with_failure_threshold(9),
        ),
        (
            own.with_failure_rate(0.25),
            rated,
            rated.with_failure_rate(0.25),
        ),
        (
            own.with_failure_rate(0.25)
                .with_window(Window::Calls(20))
                .with_minimum_calls(8),
            counted,
            counted
                .with_failure_rate(0.25)
                .with_window(Window::Calls(20))
                .with_minimum_calls(8),
        ),
        (
            own.with_slow_call(secs(2)),
            rated,
            rated.with_slow_call(secs(2)),
        ),
        (
            own.with_slow_call_rate(0.9),
            rated.with_slow_call(secs(1)),
            rated.with_slow_call(secs(1)).with_slow_call_rate(0.9),
        ),
        (
            own.with_recovery_timeout(secs(5)),
            counted,
            counted.with_recovery_timeout(secs(5)),
        ),
        (
            own.with_max_recovery_timeout(secs(90)),
            counted,
            counted.with_max_recovery_timeout(secs(90)),
        ),
        (
            own.with_success_threshold(3),
            counted,
            counted.with_success_threshold(3),
        ),
        (
            own.with_half_open_calls(4),
            counted,
            counted.with_half_open_calls(4),
        ),
        (
            own.with_on_cancel(OnCancel::Failure),
            counted,
            counted.with_on_cancel(OnCancel::Failure),
        ),
    ] {
        assert_eq!(settings.policy(&declared), Ok(policy));
        assert_eq!(settings.check_alone(), Ok(()));
    }
    for (settings, rule) in [
        (
            own.with_failure_threshold(3).with_failure_rate(0.5),
            BreakerPolicyError::ThresholdBesideRate,
        ),
        (
            own.with_failure_threshold(3).with_minimum_calls(5),
            BreakerPolicyError::MinimumCallsWithoutFailureRate,
        ),
        (
            own.with_half_open_calls(0),
            BreakerPolicyError::HalfOpenCallsZero,
        ),
    ] {
        assert_eq!(settings.check_alone(), Err(SettingsRule::Breaker(rule)));
    }
}

#[test]
fn what_is_empty_breaks_no_rule() {
    assert_eq!(CallSettings::new().check_alone(), Ok(()));
    assert_eq!(BreakerSettings::new().check_alone(), Ok(()));
    assert_eq!(Settings::new(), Settings::default());
}

#[test]
fn messages_say_what_to_write() {
    for rule in [
        SettingsRule::AttemptTimeoutOfPlainFn,
        SettingsRule::NotRetried,
    ] {
        let message = rule.message();
        assert!(message.contains("; write ") && !message.ends_with('.'));
    }
}

#[cfg(feature = "serde")]
mod serial {
    use serde_json::{from_str, json, to_value};

    use super::*;

    #[test]
    fn settings_are_read_and_written_with_what_is_set_alone() {
        let text = r#"{
            "calls": {
                "a": {"enabled": false},
                "b": {"timeout": "1m30s", "attempt_timeout": 0.5, "max_retries": 3, "initial_wait": 1,
                      "max_wait": "2s", "strategy": "linear", "multiplier": 3, "jitter": "none"}
            },
            "breakers": {"c": {"failure_rate": 0.25, "window": "10s", "recovery_timeout": "5s", "enabled": true}}
        }"#;
        let b = CallSettings::new()
            .with_timeout(secs(90))
            .with_attempt_timeout(Duration::from_millis(500))
            .with_max_retries(3)
            .with_initial_wait(secs(1))
            .with_max_wait(secs(2))
            .with_strategy(Strategy::Linear)
            .with_multiplier(3.0)
            .with_jitter(Jitter::None);
        let c = BreakerSettings::new()
            .with_failure_rate(0.25)
            .with_window(Window::Time(secs(10)))
            .with_recovery_timeout(secs(5))
            .with_enabled(true);
        let settings = Settings::new()
            .with_call("a", CallSettings::new().with_enabled(false))
            .with_call("b", b)
            .with_breaker("c", c);
        assert_eq!(from_str::<Settings>(text).unwrap(), settings);
        let written = to_value(&settings).unwrap();
        assert_eq!(written["calls"]["a"], json!({"enabled": false}));
        assert_eq!(written["calls"]["b"]["timeout"], json!("1m30s"));
        assert_eq!(
            written["breakers"]["c"],
            json!({"failure_rate": 0.25, "window": "10s", "recovery_timeout": "5s", "enabled": true})
        );
        assert_eq!(
            from_str::<Settings>(&written.to_string()).unwrap(),
            settings
        );
        assert_eq!(from_str::<Settings>("{}").unwrap(), Settings::new());
    }

    #[test]
    fn what_is_unknown_is_refused() {
        for (text, words) in [
            (r#"{"call": {}}"#, "unknown field `call`"),
            (
                r#"{"calls": {"a": {"timeouts": 3}}}"#,
                "unknown field `timeouts`",
            ),
            (
                r#"{"breakers": {"a": {"timeout": 3}}}"#,
                "unknown field `timeout`",
            ),
            (r#"{"calls": {"a": {"timeout": "soon"}}}"#, "not a duration"),
        ] {
            let refusal = from_str::<Settings>(text).unwrap_err().to_string();
            assert!(refusal.contains(words), "{refusal}");
        }
    }
}

#[cfg(feature = "test-util")]
mod scopes {
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
                apply(Settings::new().with_breaker("listened", own.with_half_open_calls(3)))
                    .unwrap();
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
}
