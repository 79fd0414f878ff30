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

/// Settings that do not fit, or that fit nothing.
fn refused() -> [(&'static str, CallSettings, SettingsRule); 6] {
    let own = CallSettings::new();
    [
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
    ]
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
    for (name, settings, rule) in refused() {
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

const OWN: BreakerSettings = BreakerSettings::new();
const COUNTED: BreakerPolicy = BreakerPolicy::DATABASE;
const RATED: BreakerPolicy = BreakerPolicy::new()
    .with_failure_rate(0.5)
    .with_window(Window::Calls(50));

/// Settings of a breaker, what they go over, and what comes of it.
fn holds(of: &[(BreakerSettings, BreakerPolicy, BreakerPolicy)]) {
    for (settings, declared, policy) in of {
        assert_eq!(settings.policy(declared), Ok(*policy));
        assert_eq!(settings.check_alone(), Ok(()));
    }
}

#[test]
fn what_opens_a_breaker_goes_over_what_is_declared() {
    holds(&[
        (OWN, COUNTED, COUNTED),
        (OWN.with_enabled(false), RATED, RATED),
        (
            OWN.with_failure_threshold(9),
            COUNTED,
            COUNTED.with_failure_threshold(9),
        ),
        (
            OWN.with_failure_threshold(9),
            RATED,
            RATED.with_failure_threshold(9),
        ),
        (
            OWN.with_failure_rate(0.25),
            RATED,
            RATED.with_failure_rate(0.25),
        ),
        (
            OWN.with_failure_rate(0.25)
                .with_window(Window::Calls(20))
                .with_minimum_calls(8),
            COUNTED,
            COUNTED
                .with_failure_rate(0.25)
                .with_window(Window::Calls(20))
                .with_minimum_calls(8),
        ),
    ]);
}

#[test]
fn all_else_of_a_breaker_goes_over_what_is_declared() {
    holds(&[
        (
            OWN.with_slow_call(secs(2)),
            RATED,
            RATED.with_slow_call(secs(2)),
        ),
        (
            OWN.with_slow_call_rate(0.9),
            RATED.with_slow_call(secs(1)),
            RATED.with_slow_call(secs(1)).with_slow_call_rate(0.9),
        ),
        (
            OWN.with_recovery_timeout(secs(5)),
            COUNTED,
            COUNTED.with_recovery_timeout(secs(5)),
        ),
        (
            OWN.with_max_recovery_timeout(secs(90)),
            COUNTED,
            COUNTED.with_max_recovery_timeout(secs(90)),
        ),
        (
            OWN.with_success_threshold(3),
            COUNTED,
            COUNTED.with_success_threshold(3),
        ),
        (
            OWN.with_half_open_calls(4),
            COUNTED,
            COUNTED.with_half_open_calls(4),
        ),
        (
            OWN.with_on_cancel(OnCancel::Failure),
            COUNTED,
            COUNTED.with_on_cancel(OnCancel::Failure),
        ),
    ]);
}

#[test]
fn settings_of_a_breaker_that_break_a_rule_are_refused() {
    for (settings, rule) in [
        (
            OWN.with_failure_threshold(3).with_failure_rate(0.5),
            BreakerPolicyError::ThresholdBesideRate,
        ),
        (
            OWN.with_failure_threshold(3).with_minimum_calls(5),
            BreakerPolicyError::MinimumCallsWithoutFailureRate,
        ),
        (
            OWN.with_half_open_calls(0),
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
