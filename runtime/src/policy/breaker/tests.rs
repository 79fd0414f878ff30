use core::time::Duration;

use super::*;

/// Every preset is checked while this compiles.
const _: () = {
    assert!(BreakerPolicy::DEFAULT.check().is_ok());
    assert!(BreakerPolicy::DATABASE.check().is_ok());
    assert!(BreakerPolicy::NETWORK.check().is_ok());
};

const BASE: BreakerPolicy = BreakerPolicy::new();
const RATED: BreakerPolicy = BASE.with_failure_rate(0.5);

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

#[test]
fn defaults_are_those_of_the_table() {
    assert_eq!(BreakerPolicy::default(), BASE);
    assert_eq!(BASE.failure_threshold(), Some(5));
    assert_eq!(
        (BASE.failure_rate(), BASE.window(), BASE.minimum_calls()),
        (None, None, None)
    );
    assert_eq!((BASE.slow_call(), BASE.slow_call_rate()), (None, None));
    assert_eq!(
        (BASE.recovery_timeout(), BASE.max_recovery_timeout()),
        (secs(60), None)
    );
    assert_eq!(
        (BASE.success_threshold(), BASE.half_open_calls()),
        (Some(1), 1)
    );
    assert_eq!(BASE.on_cancel(), OnCancel::Ignore);
    assert_eq!(RATED.failure_threshold(), None);
    assert_eq!(
        (RATED.window(), RATED.minimum_calls()),
        (Some(Window::Calls(100)), Some(10))
    );
    assert_eq!(RATED.success_threshold(), None);
    assert_eq!(RATED.with_window(Window::Calls(4)).minimum_calls(), Some(4));
    assert_eq!(
        RATED.with_window(Window::Time(secs(1))).minimum_calls(),
        Some(10)
    );
    assert_eq!(RATED.with_slow_call(secs(4)).slow_call_rate(), Some(0.5));
    assert_eq!(BreakerPolicy::DATABASE, BASE.with_failure_threshold(3));
    assert_eq!(
        BreakerPolicy::NETWORK,
        BASE.with_max_recovery_timeout(secs(300))
    );
}

#[test]
fn each_setter_sets_its_own_setting() {
    let all = RATED
        .with_window(Window::Time(secs(1)))
        .with_minimum_calls(2)
        .with_slow_call(secs(3))
        .with_slow_call_rate(0.75)
        .with_recovery_timeout(secs(4))
        .with_max_recovery_timeout(secs(5))
        .with_success_threshold(6)
        .with_half_open_calls(7)
        .with_on_cancel(OnCancel::Failure);
    let expected = BreakerPolicy {
        failure_threshold: 5,
        failure_rate: Some(0.5),
        window: Some(Window::Time(secs(1))),
        minimum_calls: Some(2),
        slow_call: Some(secs(3)),
        slow_call_rate: Some(0.75),
        recovery_timeout: secs(4),
        max_recovery_timeout: Some(secs(5)),
        success_threshold: Some(6),
        half_open_calls: 7,
        on_cancel: OnCancel::Failure,
    };
    assert_eq!(all, expected);
    let failures = BASE
        .with_failure_threshold(9)
        .with_recovery_timeout(secs(4))
        .with_max_recovery_timeout(secs(5))
        .with_success_threshold(6)
        .with_half_open_calls(7)
        .with_on_cancel(OnCancel::Failure);
    assert_eq!(all.with_failure_threshold(9), failures);
    assert_eq!(BASE.with_failure_threshold(9).with_failure_rate(0.5), RATED);
}

#[test]
fn every_rule_is_checked() {
    use BreakerPolicyError as E;

    let calls = |calls| RATED.with_window(Window::Calls(calls));
    for (policy, error) in [
        (BASE.with_failure_threshold(0), E::FailureThresholdZero),
        (BASE.with_failure_rate(0.0), E::FailureRateOutOfRange),
        (BASE.with_failure_rate(1.01), E::FailureRateOutOfRange),
        (BASE.with_failure_rate(f64::NAN), E::FailureRateOutOfRange),
        (
            BASE.with_window(Window::Calls(9)),
            E::WindowWithoutFailureRate,
        ),
        (calls(0), E::WindowEmpty),
        (
            RATED.with_window(Window::Time(Duration::ZERO)),
            E::WindowEmpty,
        ),
        (calls(1_000_001), E::WindowTooLong),
        (
            RATED.with_window(Window::Time(Duration::from_micros(999))),
            E::WindowTooShort,
        ),
        (
            BASE.with_minimum_calls(1),
            E::MinimumCallsWithoutFailureRate,
        ),
        (RATED.with_minimum_calls(0), E::MinimumCallsZero),
        (RATED.with_minimum_calls(101), E::MinimumCallsAboveWindow),
        (BASE.with_slow_call(secs(1)), E::SlowCallWithoutFailureRate),
        (RATED.with_slow_call(secs(0)), E::SlowCallNotPositive),
        (
            RATED.with_slow_call_rate(0.5),
            E::SlowCallRateWithoutSlowCall,
        ),
        (
            RATED.with_slow_call(secs(1)).with_slow_call_rate(-0.1),
            E::SlowCallRateOutOfRange,
        ),
        (
            BASE.with_recovery_timeout(secs(0)),
            E::RecoveryTimeoutNotPositive,
        ),
        (
            BASE.with_max_recovery_timeout(secs(59)),
            E::MaxRecoveryTimeoutBelowRecoveryTimeout,
        ),
        (BASE.with_success_threshold(0), E::SuccessThresholdZero),
        (BASE.with_half_open_calls(0), E::HalfOpenCallsZero),
        (BASE.with_half_open_calls(10_001), E::HalfOpenCallsTooMany),
    ] {
        assert_eq!(policy.check(), Err(error));
        let message = error.to_string();
        assert!(
            message.starts_with('`') && message.contains("; write ") && !message.ends_with('.')
        );
    }
}

#[test]
fn the_limits_themselves_are_accepted() {
    let calls = |calls| RATED.with_window(Window::Calls(calls));
    for policy in [
        BASE.with_failure_rate(1.0),
        calls(1_000_000),
        RATED.with_window(Window::Time(Duration::from_millis(1))),
        RATED.with_minimum_calls(100),
        RATED
            .with_window(Window::Time(secs(1)))
            .with_minimum_calls(1_000),
        BASE.with_max_recovery_timeout(secs(60)),
        BASE.with_half_open_calls(10_000),
    ] {
        assert_eq!(policy.check(), Ok(()));
    }
}

#[cfg(feature = "serde")]
mod serial {
    use super::*;
    use serde_json::{from_str, json, to_value};

    #[test]
    fn policies_are_read_and_written_flat() {
        assert_eq!(from_str::<BreakerPolicy>("{}").unwrap(), BASE);
        let text = r#"{"failure_rate": 0.25, "window": "1m30s", "minimum_calls": 7, "slow_call": 0.5,
            "slow_call_rate": 1, "recovery_timeout": "5s", "max_recovery_timeout": 60, "success_threshold": 2,
            "half_open_calls": 3, "on_cancel": "failure"}"#;
        let policy = BASE
            .with_failure_rate(0.25)
            .with_window(Window::Time(secs(90)))
            .with_minimum_calls(7)
            .with_slow_call(Duration::from_millis(500))
            .with_slow_call_rate(1.0)
            .with_recovery_timeout(secs(5))
            .with_max_recovery_timeout(secs(60))
            .with_success_threshold(2)
            .with_half_open_calls(3)
            .with_on_cancel(OnCancel::Failure);
        assert_eq!(from_str::<BreakerPolicy>(text).unwrap(), policy);
        assert_eq!(
            from_str::<BreakerPolicy>(&to_value(policy).unwrap().to_string()).unwrap(),
            policy
        );
        let written = json!({
            "failure_threshold": 5, "recovery_timeout": "1m", "half_open_calls": 1, "on_cancel": "ignore"
        });
        assert_eq!(to_value(BASE).unwrap(), written);
        let counted = to_value(RATED.with_window(Window::Calls(50))).unwrap();
        assert_eq!(counted.get("window"), Some(&json!(50)));
        assert_eq!(counted.get("failure_threshold"), None);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (text, words) in [
            (
                r#"{"failure_threshold": 3, "failure_rate": 0.5}"#,
                "exclude each other",
            ),
            (r#"{"window": 5}"#, "`window` needs `failure_rate`"),
            (
                r#"{"failure_rate": 0.5, "window": -1}"#,
                "at least one call",
            ),
            (
                r#"{"failure_rate": 0.5, "window": 5000000000}"#,
                "more than 1000000 calls",
            ),
            (
                r#"{"failure_rate": 0.5, "window": "soon"}"#,
                "not a duration",
            ),
            (r#"{"failure_treshold": 3}"#, "unknown field"),
        ] {
            let refusal = from_str::<BreakerPolicy>(text).unwrap_err().to_string();
            assert!(refusal.contains(words), "{refusal}");
        }
    }
}
