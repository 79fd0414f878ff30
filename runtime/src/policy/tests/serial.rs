use core::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{from_str, json, to_string, to_value};

use crate::{Jitter, RetryPolicy, Strategy};

fn refusal(text: &str) -> String {
    from_str::<RetryPolicy>(text).expect_err(text).to_string()
}

#[test]
fn nothing_written_is_the_default() {
    assert_eq!(from_str::<RetryPolicy>("{}").unwrap(), RetryPolicy::DEFAULT);
}

#[test]
fn every_option_is_read_under_the_name_that_the_attribute_uses() {
    let text = r#"{
        "timeout": "1m30s", "attempt_timeout": 2, "max_retries": 7, "initial_wait": 0.25, "max_wait": "500ms",
        "strategy": "fibonacci", "multiplier": 3, "jitter": "decorrelated"
    }"#;
    let policy = RetryPolicy::new()
        .with_timeout(Duration::from_secs(90))
        .with_attempt_timeout(Duration::from_secs(2))
        .with_max_retries(7)
        .with_initial_wait(Duration::from_millis(250))
        .with_max_wait(Duration::from_millis(500))
        .with_strategy(Strategy::Fibonacci)
        .with_multiplier(3.0)
        .with_jitter(Jitter::Decorrelated);
    assert_eq!(from_str::<RetryPolicy>(text).unwrap(), policy);
}

#[test]
fn policies_are_written_flat_with_durations_as_text() {
    let policy = RetryPolicy::GATEWAY
        .with_timeout(Duration::from_secs(90))
        .with_attempt_timeout(Duration::from_millis(1_500));
    let expected = json!({
        "timeout": "1m30s", "attempt_timeout": "1s500ms", "max_retries": 10, "initial_wait": "500ms", "max_wait": "5s",
        "strategy": "exponential", "multiplier": 2.0, "jitter": "full"
    });
    assert_eq!(to_value(policy).unwrap(), expected);
    let written = to_value(RetryPolicy::DEFAULT).unwrap();
    assert_eq!(written.get("attempt_timeout"), None);
}

#[test]
fn the_words_of_strategies_and_jitters_are_their_names() {
    use Strategy::{Exponential, Fibonacci, Fixed, Linear};
    for strategy in [Fixed, Linear, Exponential, Fibonacci] {
        assert_eq!(to_string(&strategy).unwrap(), format!("\"{strategy}\""));
        assert_eq!(
            from_str::<Strategy>(&format!("\"{strategy}\"")).unwrap(),
            strategy
        );
    }
    for jitter in [
        Jitter::None,
        Jitter::Full,
        Jitter::Equal,
        Jitter::Decorrelated,
    ] {
        assert_eq!(to_string(&jitter).unwrap(), format!("\"{jitter}\""));
        assert_eq!(
            from_str::<Jitter>(&format!("\"{jitter}\"")).unwrap(),
            jitter
        );
    }
}

#[test]
fn null_takes_the_bound_of_attempts_away() {
    let policy: RetryPolicy = from_str(r#"{"attempt_timeout": null}"#).unwrap();
    assert_eq!(policy.attempt_timeout(), None);
}

#[test]
fn unknown_names_and_words_are_refused() {
    assert!(
        refusal(r#"{"max_retires": 3}"#)
            .starts_with("unknown field `max_retires`, expected one of `timeout`")
    );
    assert!(
        refusal(r#"{"strategy": "exponental"}"#)
            .starts_with("unknown variant `exponental`, expected one of")
    );
    assert!(refusal(r#"{"jitter": "Full"}"#).starts_with("unknown variant `Full`"));
}

#[test]
fn what_is_no_duration_is_refused_without_repeating_it() {
    for value in [
        r#""5""#,
        r#""fast""#,
        r#""5 parsecs""#,
        r#""""#,
        r#""-1s""#,
        r#""99999999999999999999y""#,
        r#""18446744073709551615s 1000ms""#,
        r#""18446744073709551615s999999999ns1ns""#,
        r#""18446744073709551615.999999999999s""#,
    ] {
        let message = refusal(&format!(r#"{{"timeout": {value}}}"#));
        assert!(
            message.starts_with("not a duration; write one with units"),
            "{value}: {message}"
        );
    }
    for value in ["-1", "-0.5", "1e30"] {
        let message = refusal(&format!(r#"{{"timeout": {value}}}"#));
        assert!(
            message.starts_with("a duration cannot be negative"),
            "{value}: {message}"
        );
    }
    let message = refusal(r#"{"timeout": true}"#);
    assert!(
        message.contains("expected a duration such as \"1m30s\" or a number of seconds"),
        "{message}"
    );
}

#[test]
fn settings_that_do_not_go_together_are_refused_with_the_message_of_the_rule() {
    assert!(refusal(r#"{"timeout": 0}"#).starts_with("`timeout` must be positive"));
    assert!(
        refusal(r#"{"timeout": "500ms"}"#).starts_with("`initial_wait` is greater than `timeout`")
    );
    assert!(refusal(r#"{"max_wait": 0.5}"#).starts_with("`max_wait` is less than `initial_wait`"));
    assert!(refusal(r#"{"multiplier": 0.5}"#).starts_with("`multiplier` is less than 1"));
    assert!(
        refusal(r#"{"max_retries": -1}"#).starts_with("invalid value: integer `-1`, expected u32")
    );
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(2015),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_text_of_digits_and_units_panics(text in "([0-9]{1,20}(\\.[0-9]{1,20})?(ns|us|ms|s|m|h|d|y| s|M) ?){1,4}") {
        // Whether it is a duration is another matter.
        let _ = from_str::<RetryPolicy>(&format!(r#"{{"timeout": "{text}"}}"#));
    }

    #[test]
    fn what_is_written_is_read_back(
        timeout in 1_u64.., nanos in 0_u32..1_000_000_000, attempt in proptest::option::of(1_u64..), max_retries: u32,
        quarters in 4_u16..1_000,
    ) {
        let timeout = Duration::new(timeout, nanos);
        let mut policy = RetryPolicy::new()
            .with_timeout(timeout)
            .with_max_retries(max_retries)
            .with_max_wait(timeout)
            .with_multiplier(f64::from(quarters) / 4.0); // short enough for any parser to read back
        if let Some(attempt) = attempt {
            policy = policy.with_attempt_timeout(Duration::from_nanos(attempt).min(timeout));
        }
        let text = to_string(&policy).unwrap();
        prop_assert_eq!(from_str::<RetryPolicy>(&text).unwrap(), policy);
    }
}
