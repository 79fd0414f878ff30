//! What each setting does, and which are refused.

use super::*;

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
