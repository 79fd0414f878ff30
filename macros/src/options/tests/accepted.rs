use std::time::Duration;

use quote::ToTokens;

use super::{accepted, read};
use crate::options::wait_or_die::VOCABULARY;
use crate::options::{
    CountValue, DurationValue, FloatValue, JitterKind, StrategyKind, StrategyOption,
};

fn timeout(args: &str) -> Duration {
    let option = accepted(args).timeout.expect(args);
    option.literal().expect(args)
}

#[test]
fn nothing_is_written() {
    let options = accepted("");
    assert!(options.krate.is_none());
    assert!(options.when_open.is_none());
    assert!(options.timeout.is_none());
    assert!(options.decision.retry_on.is_empty());
    assert!(options.fields.is_empty());
}

#[test]
fn every_name_of_the_vocabulary_reaches_a_field() {
    for (name, example) in VOCABULARY.options {
        let parsed = read(example);
        assert!(parsed.key(name).is_some(), "{name}");
        parsed
            .errors
            .finish(())
            .unwrap_or_else(|error| panic!("the example `{example}` is refused: {error}"));
    }
    for (name, ours) in VOCABULARY.elsewhere {
        assert!(
            VOCABULARY.options.iter().any(|(option, _)| option == ours),
            "{ours}"
        );
        assert!(
            VOCABULARY.options.iter().all(|(option, _)| option != name),
            "{name}"
        );
    }
}

#[test]
fn durations_are_read_in_all_their_forms() {
    for (args, millis) in [
        ("timeout = \"1m30s\"", 90_000),
        ("timeout = \"500ms\"", 500),
        ("timeout = \"0.5s\"", 500),
        ("timeout = \" 2 hours 1 min \"", 7_260_000),
        ("timeout = 300", 300_000),
        ("timeout = 1_000", 1_000_000),
        ("timeout = 0x10", 16_000),
        ("timeout = 0.5", 500),
        ("timeout = 2.5e1", 25_000),
        ("timeout = 30u64", 30_000),
        ("timeout = 1.5f64", 1_500),
    ] {
        assert_eq!(timeout(args), Duration::from_millis(millis), "{args}");
    }
    assert_eq!(
        timeout("timeout = 18446744073709551615"),
        Duration::from_secs(u64::MAX)
    );
    assert_eq!(timeout("timeout = \"1ns\""), Duration::from_nanos(1));
    for args in [
        "initial_wait = 0",
        "initial_wait = \"0s\"",
        "initial_wait = 0.0",
    ] {
        assert_eq!(
            accepted(args).initial_wait.expect(args).literal(),
            Some(Duration::ZERO),
            "{args}"
        );
    }
    assert_eq!(
        accepted("max_wait = 0")
            .max_wait
            .expect("max_wait")
            .literal(),
        Some(Duration::ZERO)
    );
}

#[test]
fn expressions_are_left_to_the_compiler() {
    for args in [
        "timeout = LIMIT",
        "timeout = crate::LIMIT",
        "timeout = Duration::from_secs(30)",
        "timeout = LIMIT.saturating_mul(2)",
        "timeout = { LIMIT }",
        "timeout = if FAST { A } else { B }",
    ] {
        let option = accepted(args).timeout.expect(args);
        assert!(matches!(option.value, DurationValue::Const(_)), "{args}");
        assert_eq!(option.key, "timeout");
    }
    let options = accepted("max_retries = LIMIT + 1, multiplier = GROWTH");
    assert!(matches!(
        options.max_retries.expect("count").value,
        CountValue::Const(_)
    ));
    assert!(matches!(
        options.multiplier.expect("factor").value,
        FloatValue::Const(_)
    ));
}

#[test]
fn numbers_are_read() {
    let count = |args| match accepted(args).max_retries.expect(args).value {
        CountValue::Literal(count) => count,
        CountValue::Const(_) => panic!("{args} is a literal"),
    };
    assert_eq!(count("max_retries = 0"), 0);
    assert_eq!(count("max_retries = 5u32"), 5);
    assert_eq!(count("max_retries = 4294967295"), u32::MAX);
    let factor = |args| match accepted(args).multiplier.expect(args).value {
        FloatValue::Literal(factor) => factor,
        FloatValue::Const(_) => panic!("{args} is a literal"),
    };
    for (args, expected) in [
        ("multiplier = 1", 1.0),
        ("multiplier = 1.5", 1.5),
        ("multiplier = 2f64", 2.0),
        ("multiplier = 3.0f64", 3.0),
    ] {
        assert!((factor(args) - expected).abs() < f64::EPSILON, "{args}");
    }
}

#[test]
fn words_are_read() {
    for (args, expected) in [
        ("strategy = fixed", StrategyKind::Fixed),
        ("strategy = linear", StrategyKind::Linear),
        ("strategy = exponential", StrategyKind::Exponential),
        ("strategy = fibonacci", StrategyKind::Fibonacci),
        ("exponential_backoff = true", StrategyKind::Exponential),
        ("exponential_backoff = false", StrategyKind::Fixed),
    ] {
        let strategy = accepted(args).strategy;
        assert!(
            matches!(strategy, Some(StrategyOption::Named(kind, _)) if kind == expected),
            "{args}"
        );
    }
    for args in [
        "strategy = steps",
        "strategy = self::liner",
        "strategy = waits::<3>",
        "strategy = a::exponental",
    ] {
        assert!(
            matches!(accepted(args).strategy, Some(StrategyOption::Custom(_))),
            "{args}"
        );
    }
    for (args, expected) in [
        ("jitter = none", JitterKind::None),
        ("jitter = full", JitterKind::Full),
        ("jitter = equal", JitterKind::Equal),
        ("jitter = decorrelated", JitterKind::Decorrelated),
    ] {
        assert_eq!(accepted(args).jitter.expect(args).kind, expected, "{args}");
    }
}

#[test]
fn decisions_are_read() {
    assert!(
        accepted("retry_if = Error::is_transient")
            .decision
            .retry_if
            .is_some()
    );
    assert!(
        accepted("retry_if = |e: &E| matches!(e, E::A | E::B)")
            .decision
            .retry_if
            .is_some()
    );
    let decision =
        accepted("retry_on(A(_) | B { .. }, C if ready(), | D, e if e.is_timeout()), abort_on(_)")
            .decision;
    let arms: Vec<String> = (decision.retry_on.iter().chain(&decision.abort_on))
        .map(|arm| arm.to_token_stream().to_string())
        .collect();
    assert_eq!(
        arms,
        [
            "A (_) | B { .. }",
            "C if ready ()",
            "| D",
            "e if e . is_timeout ()",
            "_"
        ]
    );
}

#[test]
fn lists_are_read() {
    let options = accepted(
        "clone(a, b,), fields(id, %symbol, order.id, self.user.id, size = body.len(), \"http.method\" = %method, &key, a.b = 1, r#type),",
    );
    assert_eq!(options.clone, ["a", "b"]);
    let fields: Vec<(&str, String, bool)> = (options.fields.iter())
        .map(|field| {
            (
                field.name.as_str(),
                field.expr.to_token_stream().to_string(),
                field.display,
            )
        })
        .collect();
    let expected = [
        ("id", "id", false),
        ("symbol", "symbol", true),
        ("order.id", "order . id", false),
        ("user.id", "self . user . id", false),
        ("size", "body . len ()", false),
        ("http.method", "method", true),
        ("key", "& key", false),
        ("a.b", "1", false),
        ("type", "r#type", false),
    ];
    let expected: Vec<(&str, String, bool)> = (expected.into_iter())
        .map(|(name, expr, display)| (name, expr.to_owned(), display))
        .collect();
    assert_eq!(fields, expected);
}

#[test]
fn paths_are_read() {
    let options = accepted(
        "policy = RetryPolicy::ORDER, on_retry = Self::told, fallback = cached::<u8>, attempt = ctx, name = \"a.b\"",
    );
    assert_eq!(
        options.policy.to_token_stream().to_string(),
        "RetryPolicy :: ORDER"
    );
    assert_eq!(
        options.on_retry.to_token_stream().to_string(),
        "Self :: told"
    );
    assert_eq!(
        options.fallback.to_token_stream().to_string(),
        "cached :: < u8 >"
    );
    assert_eq!(options.attempt.expect("attempt"), "ctx");
    assert_eq!(options.name.expect("name").value(), "a.b");
    for args in ["crate = ::renamed", "crate = crate::deps::wait_or_die"] {
        assert_eq!(
            format!("crate = {}", accepted(args).krate.to_token_stream()).replace(' ', ""),
            args.replace(' ', "")
        );
    }
}

#[test]
fn a_broken_option_is_known_to_be_written() {
    let parsed = read("timeout = \"fast\", max_wait = = 3, initial_wait = \"2s\"");
    assert!(parsed.options.timeout.is_none());
    assert!(parsed.key("timeout").is_some());
    assert!(parsed.key("max_wait").is_some());
    assert!(parsed.options.initial_wait.is_some());
    assert_eq!(
        parsed
            .errors
            .finish(())
            .expect_err("two mistakes")
            .into_iter()
            .count(),
        2
    );
}
