//! Settings in configuration files.

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
