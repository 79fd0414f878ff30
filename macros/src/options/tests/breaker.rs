use std::time::Duration;

use quote::ToTokens;

use super::{accepted, accepted_breaker, read_breaker};
use crate::options::circuit_breaker::VOCABULARY;
use crate::options::{CountValue, DurationValue, FloatValue, OnCancel, WhenOpen, WindowValue};

#[test]
fn a_name_is_all_that_is_needed() {
    let breaker = accepted_breaker("name = \"notion\"");
    assert_eq!(breaker.name.value(), "notion");
    assert!(breaker.settings.is_empty());
    assert!(breaker.krate.is_none() && breaker.key.is_none());
    assert!(breaker.failure_if.is_none() && breaker.ignore_if.is_none());
}

#[test]
fn every_name_of_the_vocabulary_reaches_a_field() {
    for (name, example) in VOCABULARY.options {
        let args = match *name {
            "name" => (*example).to_owned(),
            _ => format!("name = \"notion\", {example}"),
        };
        let parsed = read_breaker(&args);
        assert!(parsed.key(name).is_some(), "{name}");
        let breaker = parsed
            .errors
            .finish(parsed.options)
            .unwrap_or_else(|error| panic!("the example `{example}` is refused: {error}"));
        let set = !breaker.settings.is_empty()
            || breaker.key.is_some()
            || breaker.failure_if.is_some()
            || breaker.ignore_if.is_some()
            || breaker.krate.is_some();
        assert_eq!(set, *name != "name", "{name}");
    }
    for (name, ours) in VOCABULARY.elsewhere {
        let known = |word| VOCABULARY.options.iter().any(|(option, _)| *option == word);
        assert!(known(*ours), "{ours}");
        assert!(!known(*name), "{name}");
    }
}

#[test]
fn windows_are_calls_or_time() {
    let window = |args: &str| {
        let option = accepted_breaker(&format!("name = \"a\", {args}"))
            .settings
            .window;
        option.expect(args).value
    };
    for (args, calls) in [
        ("window = 1", 1),
        ("window = 1_000_000", 1_000_000),
        ("window = 7u32", 7),
    ] {
        assert!(
            matches!(window(args), WindowValue::Calls(found) if found == calls),
            "{args}"
        );
    }
    for (args, millis) in [
        ("window = \"10s\"", 10_000),
        ("window = \"1ms\"", 1),
        ("window = \"1m30s\"", 90_000),
    ] {
        let expected = Duration::from_millis(millis);
        assert!(
            matches!(window(args), WindowValue::Time(found) if found == expected),
            "{args}"
        );
    }
    for args in [
        "window = LAST",
        "window = Window::Calls(3)",
        "window = wait_or_die::Window::Calls(CALLS)",
    ] {
        assert!(matches!(window(args), WindowValue::Const(_)), "{args}");
    }
}

#[test]
fn shares_are_numbers_above_zero() {
    for (args, share) in [
        ("failure_rate = 0.5", 0.5),
        ("failure_rate = 1", 1.0),
        ("failure_rate = 1.0f64", 1.0),
        ("failure_rate = 1e-3", 0.001),
    ] {
        let option = accepted_breaker(&format!("name = \"a\", {args}"))
            .settings
            .failure_rate;
        let FloatValue::Literal(found) = option.expect(args).value else {
            panic!("{args}");
        };
        assert!((found - share).abs() < f64::EPSILON, "{args}: {found}");
    }
    let option = accepted_breaker("name = \"a\", slow_call_rate = SHARE")
        .settings
        .slow_call_rate;
    assert!(matches!(
        option.expect("written").value,
        FloatValue::Const(_)
    ));
}

#[test]
fn quantities_may_be_constants() {
    let settings = accepted_breaker(
        "name = \"a\", failure_threshold = MAX, recovery_timeout = Duration::from_secs(3), half_open_calls = 10_000",
    )
    .settings;
    let threshold = settings.failure_threshold.expect("written");
    assert!(matches!(threshold.value, CountValue::Const(_)));
    assert_eq!(threshold.literal(), None);
    let recovery = settings.recovery_timeout.expect("written");
    assert!(matches!(recovery.value, DurationValue::Const(_)));
    assert_eq!(
        settings.half_open_calls.expect("written").literal(),
        Some(10_000)
    );
}

#[test]
fn keys_are_any_value_of_the_call() {
    for args in [
        "key = host",
        "key = self.host",
        "key = &request.host()",
        "key = format_args!(\"{a}/{b}\")",
        "key = a + 1",
        "key = hosts[0]",
        "key = hosts.iter().map(|host| Some(host?)).count()",
        "key = { fn parsed() -> Option<u8> { Some(one()?) } parsed().unwrap() }",
        "key = name_of(async { ask().await? })",
    ] {
        let key = accepted_breaker(&format!("name = \"a\", {args}"))
            .key
            .expect(args);
        let written: proc_macro2::TokenStream = args.parse().expect(args);
        let expected: proc_macro2::TokenStream = written.into_iter().skip(2).collect();
        assert_eq!(key.to_token_stream().to_string(), expected.to_string());
    }
}

#[test]
fn words_are_read() {
    let on_cancel = |args: &str| accepted_breaker(args).settings.on_cancel;
    assert_eq!(
        on_cancel("name = \"a\", on_cancel = ignore"),
        Some(OnCancel::Ignore)
    );
    assert_eq!(
        on_cancel("name = \"a\", on_cancel = failure"),
        Some(OnCancel::Failure)
    );
    let when_open = |args| accepted(args).when_open.map(|option| option.kind);
    assert_eq!(when_open("when_open = fail"), Some(WhenOpen::Fail));
    assert_eq!(when_open("when_open = wait"), Some(WhenOpen::Wait));
}
