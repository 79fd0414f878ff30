use expect_test::expect;

use super::{ASYNC, accepted, on_async, refused};

#[test]
fn settings_that_agree_pass() {
    accepted(
        &[
            "-| name = \"a\"",
            "| name = \"a\", failure_threshold = 3",
            "-| name = \"a\", failure_rate = 0.5, window = 10, minimum_calls = 10",
            "-| name = \"a\", failure_rate = 0.5, minimum_calls = 100",
            "-| name = \"a\", failure_rate = 0.5, window = \"10s\", minimum_calls = 5000",
            "-| name = \"a\", failure_rate = 0.5, window = LAST, minimum_calls = 5000",
            "-| name = \"a\", failure_rate = 0.5, slow_call = 1, slow_call_rate = 1",
            "-| name = \"a\", max_recovery_timeout = 60",
            "-| name = \"a\", recovery_timeout = 5, max_recovery_timeout = 5",
            "-| name = \"a\", recovery_timeout = REST, max_recovery_timeout = 5",
            "-| name = \"a\", policy = SEARCH, minimum_calls = 500, max_recovery_timeout = 1, slow_call_rate = 0.1",
            "-| name = \"a\", key = left, failure_if = Self::is_outage, ignore_if = |error| left.knows(error)",
            "when_open = wait | name = \"a\"",
            "when_open = fail | name = \"a\"",
            "crate = crate::x | name = \"a\"",
            "| name = \"a\", crate = crate::x",
            "crate = crate::x | name = \"a\", crate = crate :: x",
        ],
        ASYNC,
    );
}

#[test]
fn settings_that_disagree_are_refused() {
    refused(
        on_async(&[
            "-| name = \"a\", failure_threshold = 3, failure_rate = 0.5",
            "-| name = \"a\", failure_rate = 0.5, failure_threshold = 3",
            "-| name = \"a\", window = 10",
            "-| name = \"a\", window = 0",
            "-| name = \"a\", minimum_calls = 10",
            "-| name = \"a\", slow_call = 3",
            "-| name = \"a\", failure_rate = 0.5, slow_call_rate = 0.5",
            "-| name = \"a\", policy = SEARCH, failure_threshold = 3, window = 10",
            "-| name = \"a\", failure_rate = 0.5, minimum_calls = 101",
            "-| name = \"a\", failure_rate = 0.5, window = 10, minimum_calls = 11",
            "-| name = \"a\", max_recovery_timeout = 59",
            "-| name = \"a\", recovery_timeout = 5, max_recovery_timeout = 4",
            "-| name = \"a\", window = 10, minimum_calls = 20, slow_call = 3, max_recovery_timeout = 1",
            "-| name = \"a\", failure_threshold = left",
            "-| name = \"a\", recovery_timeout = Self::REST, window = Window::Calls(left), failure_rate = order.rate",
            "when_open = wait",
            "when_open = fail",
            "crate = crate::x | name = \"a\", crate = ::y",
            "timeout = 0 | failure_rate = 2",
        ]),
        &expect![[r#"
            -| name = "a", failure_threshold = 3, failure_rate = 0.5
                `failure_threshold` and `failure_rate` exclude each other; write one of them
            -| name = "a", failure_rate = 0.5, failure_threshold = 3
                `failure_threshold` and `failure_rate` exclude each other; write one of them
            -| name = "a", window = 10
                `window` needs `failure_rate`; write `failure_rate` too, such as 0.5
            -| name = "a", window = 0
                `window` must hold at least one call; write a number of calls, such as 100, or a time, such as "10s"
                `window` needs `failure_rate`; write `failure_rate` too, such as 0.5
            -| name = "a", minimum_calls = 10
                `minimum_calls` needs `failure_rate`; write `failure_rate` too, such as 0.5
            -| name = "a", slow_call = 3
                `slow_call` needs `failure_rate`; write `failure_rate` too, such as 0.5
            -| name = "a", failure_rate = 0.5, slow_call_rate = 0.5
                `slow_call_rate` needs `slow_call`; write `slow_call` too, such as "4s"
            -| name = "a", policy = SEARCH, failure_threshold = 3, window = 10
                `window` needs `failure_rate`; write `failure_rate` too, such as 0.5
            -| name = "a", failure_rate = 0.5, minimum_calls = 101
                `minimum_calls` is more than the calls in `window`, so the breaker could never open; write at most the calls of `window`
            -| name = "a", failure_rate = 0.5, window = 10, minimum_calls = 11
                `minimum_calls` is more than the calls in `window`, so the breaker could never open; write at most the calls of `window`
            -| name = "a", max_recovery_timeout = 59
                `max_recovery_timeout` is less than `recovery_timeout`; write a `max_recovery_timeout` of at least `recovery_timeout`
            -| name = "a", recovery_timeout = 5, max_recovery_timeout = 4
                `max_recovery_timeout` is less than `recovery_timeout`; write a `max_recovery_timeout` of at least `recovery_timeout`
            -| name = "a", window = 10, minimum_calls = 20, slow_call = 3, max_recovery_timeout = 1
                `window` needs `failure_rate`; write `failure_rate` too, such as 0.5
                `minimum_calls` needs `failure_rate`; write `failure_rate` too, such as 0.5
                `slow_call` needs `failure_rate`; write `failure_rate` too, such as 0.5
                `minimum_calls` is more than the calls in `window`, so the breaker could never open; write at most the calls of `window`
                `max_recovery_timeout` is less than `recovery_timeout`; write a `max_recovery_timeout` of at least `recovery_timeout`
            -| name = "a", failure_threshold = left
                `failure_threshold` is the same for every call and cannot read the argument `left`; write a constant
            -| name = "a", recovery_timeout = Self::REST, window = Window::Calls(left), failure_rate = order.rate
                `failure_rate` is the same for every call and cannot read the argument `order`; write a constant
                `window` is the same for every call and cannot read the argument `left`; write a constant
                `recovery_timeout` is a constant beside the function and cannot name `Self`; write the type's name
            when_open = wait
                `when_open` needs a breaker; write `#[circuit_breaker(name = "notion")]` on the function too, or remove `when_open`
            when_open = fail
                `when_open` needs a breaker; write `#[circuit_breaker(name = "notion")]` on the function too, or remove `when_open`
            crate = crate::x | name = "a", crate = ::y
                `crate` is `crate::x` in `#[wait_or_die]`; write the same path in both, or in one of them
            timeout = 0 | failure_rate = 2
                `timeout` must be positive; write the time that the whole call may take, such as `"30s"`
                the breaker has no name; write `#[circuit_breaker(name = "notion")]`, functions that name the same breaker share it
                `failure_rate` must be above 0 and at most 1; write a share of the calls, such as 0.5
        "#]],
    );
}

#[test]
fn functions_that_do_not_fit_a_breaker_are_refused() {
    let breaker = "-| name = \"a\", recovery_timeout = T::REST";
    refused(
        [
            (breaker, "async fn f<T>() -> Result<(), E>"),
            (breaker, "fn f()"),
            (breaker, "const fn f() -> Option<u8>"),
        ],
        &expect![[r#"
            async fn f<T>() -> Result<(), E>
                `recovery_timeout` is the same for every `T` and cannot name a generic parameter; write a constant
            fn f()
                `f` returns nothing, so it cannot say that it failed; write `-> Result<(), E>`
            const fn f() -> Option<u8>
                a `const fn` can have neither a clock nor a state; remove `const`
                `Option` does not say what failed; write `Result<u8, E>`
        "#]],
    );
}

#[test]
fn texts_are_those_of_the_runtime() {
    let runtime = include_str!("../../../../runtime/src/policy/breaker/error.rs");
    let ours = concat!(
        include_str!("../breaker.rs"),
        include_str!("../../options/numbers.rs"),
        include_str!("../../options/window.rs")
    );
    let texts: Vec<&str> = (runtime.lines())
        .map(str::trim)
        .filter(|line| line.starts_with("\"`"))
        .collect();
    assert_eq!(texts.len(), 19);
    for text in texts {
        // Both rates are checked by one text.
        let shared = text.replacen("`failure_rate` must be above", "`{key}` must be above", 1);
        let shared = shared.replacen("`slow_call_rate` must be above", "`{key}` must be above", 1);
        assert!(ours.contains(&shared), "{text}");
    }
}
