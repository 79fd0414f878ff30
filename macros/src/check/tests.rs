#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

mod breaker;

use expect_test::{Expect, expect};
use proc_macro2::Span;
use syn::{ReturnType, Signature};

use super::bounds::{DEFAULT_INITIAL_WAIT, DEFAULT_MAX_WAIT, DEFAULT_TIMEOUT};
use super::signature::argument_names;
use super::{Annotations, Found, Kind, all};
use crate::duration::tell;
use crate::options::{circuit_breaker, wait_or_die};

const ASYNC: &str = "async fn send(order: Order, mut left: u32) -> Result<(), E>";
const PLAIN: &str = "fn send(order: Order) -> Result<(), E>";

/// The arguments of `#[wait_or_die]`, behind a `|` those of `#[circuit_breaker]`.
fn found(args: &str) -> Found {
    let tokens = |args: &str| args.parse().expect("the test's arguments are tokens");
    let (wait, breaker) = match args.split_once('|') {
        Some((wait, breaker)) => (wait, Some(breaker)),
        None => (args, None),
    };
    Found {
        wait: (wait.trim() != "-").then(|| wait_or_die(tokens(wait))),
        breaker: breaker.map(|args| circuit_breaker(tokens(args), Span::call_site())),
        ..Found::default()
    }
}

fn check(args: &str, sig: &str) -> syn::Result<Annotations> {
    let sig: Signature = syn::parse_str(sig).expect(sig);
    let kind = if sig.asyncness.is_some() {
        Kind::Async
    } else {
        Kind::Plain
    };
    all(found(args), &sig, kind)
}

#[track_caller]
fn accepted(cases: &[&str], sig: &str) {
    for args in cases {
        if let Err(error) = check(args, sig) {
            panic!("`{args}` on `{sig}` was refused: {error}");
        }
    }
}

/// Every case with the messages it gives; a case without any fails.
#[track_caller]
fn refused<'a>(cases: impl IntoIterator<Item = (&'a str, &'a str)>, expected: &Expect) {
    let mut told = String::new();
    for (args, sig) in cases {
        let shown = if sig == ASYNC { args } else { sig };
        told.push_str(shown);
        told.push('\n');
        for message in check(args, sig).expect_err(shown) {
            told.push_str("    ");
            told.push_str(&message.to_string());
            told.push('\n');
        }
    }
    expected.assert_eq(&told);
}

fn on_async<'a>(cases: &'a [&'a str]) -> impl Iterator<Item = (&'a str, &'a str)> {
    cases.iter().map(|args| (*args, ASYNC))
}

#[test]
fn defaults_agree_with_each_other() {
    assert!(DEFAULT_INITIAL_WAIT <= DEFAULT_MAX_WAIT && DEFAULT_MAX_WAIT <= DEFAULT_TIMEOUT);
    assert_eq!(tell(DEFAULT_TIMEOUT), "5m");
}

#[test]
fn options_that_agree_pass() {
    accepted(
        &[
            "",
            "timeout = \"1s\"",
            "initial_wait = 60",
            "max_wait = 1",
            "attempt_timeout = 300",
            "timeout = 1, attempt_timeout = 1, initial_wait = 1, max_wait = 1",
            "timeout = 0.5, initial_wait = 0.1",
            "timeout = 0.5, max_retries = 0",
            "timeout = \"30s\", max_wait = \"60s\"",
            "policy = ORDER, timeout = 0.5",
            "policy = ORDER, attempt_timeout = 400",
            "timeout = LIMIT, attempt_timeout = 400",
            "attempt_timeout = LIMIT",
            "policy = ORDER, multiplier = 3.0",
            "strategy = exponential, multiplier = 3.0",
            "exponential_backoff = true, multiplier = 3.0",
            "strategy = steps, jitter = equal",
            "retry_if = is_transient, abort_on(E::Denied)",
            "retry_on(E::Busy), abort_on(E::Denied)",
            "clone(order, left)",
            "attempt = attempt",
            "fallback = cached",
            "retry_if = Self::is_transient, fields(size = left, a = Self::A), on_retry = Self::told",
            "timeout = order::LIMIT, max_retries = limits.left, policy = left::P",
        ],
        ASYNC,
    );
}

#[test]
fn functions_that_fit_pass() {
    for sig in [
        PLAIN,
        "unsafe fn f() -> Result<(), E>",
        "async fn f(mut self) -> io::Result<()>",
        "async fn f<T>(&mut self, (a, b): (T, T)) -> Alias",
        "fn f() -> (Result<u8, E>)",
        "fn f() -> my::Option",
        "fn f() -> <T as Trait>::Out",
        "fn f() -> Self",
        "fn f() -> make!()",
    ] {
        accepted(&["timeout = 30"], sig);
    }
    let boxed: Signature = syn::parse_str("fn f() -> Pin<Box<dyn Future<Output = Result<u8, E>>>>")
        .expect("signature");
    let kind = |output| Kind::Boxed(syn::parse_str(output).expect(output));
    let options = || found("attempt_timeout = 3");
    assert!(all(options(), &boxed, kind("Result<u8, E>")).is_ok());
    let error = all(options(), &boxed, kind("u8")).expect_err("no `Result`");
    assert_eq!(
        error.to_string(),
        "a `u8` cannot say that the call failed; write `Result<u8, E>`"
    );
}

#[test]
fn arguments_are_found_in_patterns() {
    for (sig, expected) in [
        ("fn f(a: A)", vec!["a"]),
        ("fn f(mut a: A)", vec!["a"]),
        ("fn f(_: A)", vec![]),
        ("fn f((a, mut b): A)", vec!["a", "b"]),
        ("fn f(P { x, y: z, .. }: P)", vec!["x", "z"]),
        ("fn f(all @ [first, ..]: A)", vec!["all", "first"]),
        ("fn f(path::Wrap(inner): A)", vec!["inner"]),
        ("fn f(&a: &A)", vec!["a"]),
    ] {
        let parsed: Signature = syn::parse_str(sig).expect(sig);
        let Some(syn::FnArg::Typed(typed)) = parsed.inputs.first() else {
            panic!("{sig} has an argument");
        };
        assert_eq!(argument_names(&typed.pat), expected, "{sig}");
        assert!(matches!(parsed.output, ReturnType::Default));
    }
}

#[test]
fn bounds_are_refused() {
    refused(
        on_async(&[
            "max_wait = 1, initial_wait = 5",
            "attempt_timeout = \"1m\", timeout = 30",
            "initial_wait = 40, timeout = 30",
            "timeout = 0.5",
            "max_wait = \"500ms\"",
            "initial_wait = \"2m\"",
            "initial_wait = 400",
            "attempt_timeout = 301",
            "policy = ORDER, max_wait = 1, initial_wait = 5",
            "timeout = 10, attempt_timeout = 20, initial_wait = 30, max_wait = 25",
            "timeout = \"fast\", attempt_timeout = 301, initial_wait = 70",
        ]),
        &expect![[r#"
            max_wait = 1, initial_wait = 5
                `max_wait` (1s) is less than `initial_wait` (5s); write at least `max_wait = "5s"`
            attempt_timeout = "1m", timeout = 30
                `attempt_timeout` (1m) is greater than `timeout` (30s); write at most `attempt_timeout = "30s"`
            initial_wait = 40, timeout = 30
                `initial_wait` (40s) is greater than `timeout` (30s); write at most `initial_wait = "30s"`
            timeout = 0.5
                `timeout` (500ms) is less than the default `initial_wait` (1s); write `initial_wait = "500ms"` or less beside it
            max_wait = "500ms"
                `max_wait` (500ms) is less than the default `initial_wait` (1s); write `initial_wait = "500ms"` or less beside it
            initial_wait = "2m"
                `initial_wait` (2m) is greater than the default `max_wait` (1m); write `max_wait = "2m"` or more beside it
            initial_wait = 400
                `initial_wait` (6m 40s) is greater than the default `timeout` (5m); write `timeout = "6m 40s"` or more beside it
                `initial_wait` (6m 40s) is greater than the default `max_wait` (1m); write `max_wait = "6m 40s"` or more beside it
            attempt_timeout = 301
                `attempt_timeout` (5m 1s) is greater than the default `timeout` (5m); write `timeout = "5m 1s"` or more beside it
            policy = ORDER, max_wait = 1, initial_wait = 5
                `max_wait` (1s) is less than `initial_wait` (5s); write at least `max_wait = "5s"`
            timeout = 10, attempt_timeout = 20, initial_wait = 30, max_wait = 25
                `attempt_timeout` (20s) is greater than `timeout` (10s); write at most `attempt_timeout = "10s"`
                `initial_wait` (30s) is greater than `timeout` (10s); write at most `initial_wait = "10s"`
                `max_wait` (25s) is less than `initial_wait` (30s); write at least `max_wait = "30s"`
            timeout = "fast", attempt_timeout = 301, initial_wait = 70
                `fast` is not a duration; write a number with a unit, such as `"30s"`, `"1m30s"` or `"500ms"`
                `initial_wait` (1m 10s) is greater than the default `max_wait` (1m); write `max_wait = "1m 10s"` or more beside it
        "#]],
    );
}

#[test]
fn conflicts_are_refused() {
    refused(
        on_async(&[
            "retry_if = f, retry_on(E::A)",
            "retry_on(E::A), retry_if = f",
            "strategy = linear, exponential_backoff = true",
            "exponential_backoff = false, strategy = fixed",
            "multiplier = 3.0, strategy = linear",
            "multiplier = 3.0, exponential_backoff = false",
            "multiplier = 3.0, strategy = steps",
            "strategy = steps, jitter = decorrelated",
        ]),
        &expect![[r#"
            retry_if = f, retry_on(E::A)
                `retry_on` beside `retry_if`: both decide about the same errors; keep one of them
            retry_on(E::A), retry_if = f
                `retry_if` beside `retry_on`: both decide about the same errors; keep one of them
            strategy = linear, exponential_backoff = true
                `exponential_backoff` beside `strategy`: both choose how waits grow; keep `strategy`
            exponential_backoff = false, strategy = fixed
                `strategy` beside `exponential_backoff`: both choose how waits grow; keep `strategy`
            multiplier = 3.0, strategy = linear
                `multiplier` belongs to exponential waits, but the strategy is `linear`; remove `multiplier`, or write `strategy = exponential`
            multiplier = 3.0, exponential_backoff = false
                `multiplier` belongs to exponential waits, but the strategy is `fixed`; remove `multiplier`, or write `strategy = exponential`
            multiplier = 3.0, strategy = steps
                `multiplier` belongs to exponential waits, but the strategy is a function of your own; remove `multiplier`, or write `strategy = exponential`
            strategy = steps, jitter = decorrelated
                `decorrelated` computes the waits itself, so a strategy of your own would not be asked; write `full`, `equal` or `none`
        "#]],
    );
}

#[test]
fn constants_that_name_the_function_are_refused() {
    let generic =
        "async fn send<T: Api, const N: u32>(&self, limit: u32, (a, b): (u8, u8)) -> Result<T, E>";
    let cases = [
        "timeout = Self::LIMIT",
        "timeout = T::LIMIT",
        "attempt_timeout = limit",
        "initial_wait = Duration::from_secs(limit)",
        "max_wait = self.limit",
        "max_retries = N",
        "max_retries = N + b",
        "multiplier = f::<T>()",
        "policy = Self::POLICY",
        "strategy = Self::steps",
        "strategy = steps::<T>",
    ];
    let mut told = String::new();
    for args in cases {
        told.push_str(args);
        for message in check(args, generic).expect_err(args) {
            told.push_str("\n    ");
            told.push_str(&message.to_string());
        }
        told.push('\n');
    }
    expect![[r#"
        timeout = Self::LIMIT
            `timeout` is a constant beside the function and cannot name `Self`; write the type's name
        timeout = T::LIMIT
            `timeout` is the same for every `T` and cannot name a generic parameter; write a constant
        attempt_timeout = limit
            `attempt_timeout` is the same for every call and cannot read the argument `limit`; write a constant
        initial_wait = Duration::from_secs(limit)
            `initial_wait` is the same for every call and cannot read the argument `limit`; write a constant
        max_wait = self.limit
            `max_wait` is the same for every call and cannot read `self`; write a constant
        max_retries = N
            `max_retries` is the same for every `N` and cannot name a generic parameter; write a constant
        max_retries = N + b
            `max_retries` is the same for every `N` and cannot name a generic parameter; write a constant
            `max_retries` is the same for every call and cannot read the argument `b`; write a constant
        multiplier = f::<T>()
            `multiplier` is the same for every `T` and cannot name a generic parameter; write a constant
        policy = Self::POLICY
            `policy` is a constant beside the function and cannot name `Self`; write the type's name
        strategy = Self::steps
            `strategy` is a constant beside the function and cannot name `Self`; write the type's name
        strategy = steps::<T>
            `strategy` is the same for every `T` and cannot name a generic parameter; write a constant
    "#]].assert_eq(&told);
}

#[test]
fn functions_are_refused() {
    refused(
        [
            ("", "const fn send() -> Result<(), E>"),
            ("", "async fn send()"),
            ("", "extern \"C\" fn send() -> Result<(), E>"),
            ("", "async fn send() -> u32"),
            ("", "async fn send() -> Option<Vec<u8>>"),
            ("", "async fn send() -> Vec<(String, u8)>"),
            ("", "async fn send() -> impl Display"),
            ("", "fn send() -> impl Future<Output = Result<(), E>>"),
            ("", "async fn send() -> &'static str"),
            ("", "async fn send() -> (u8, u8)"),
            ("", "async fn send() -> ()"),
            ("", "async fn send() -> !"),
            ("", "async fn send() -> dyn Trait"),
            ("", "async fn send() -> [u8; 4]"),
            ("", "async fn send() -> (String)"),
            ("attempt_timeout = 1", PLAIN),
            (
                "fallback = f",
                "async fn send((a, b): (u8, u8), _: u8, c: u8) -> Result<(), E>",
            ),
            ("max_retires = 3, timeout = -1", "const fn send() -> u32"),
        ],
        &expect![[r#"
            const fn send() -> Result<(), E>
                a `const fn` can have neither a clock nor a state; remove `const`
            async fn send()
                `send` returns nothing, so it cannot say that it failed; write `-> Result<(), E>`
            extern "C" fn send() -> Result<(), E>
                a function with a foreign calling convention cannot return a `Result`; put the attribute on a Rust function and call that
            async fn send() -> u32
                a `u32` cannot say that the call failed; write `Result<u32, E>`
            async fn send() -> Option<Vec<u8>>
                `Option` does not say what failed; write `Result<Vec<u8>, E>`
            async fn send() -> Vec<(String, u8)>
                a `Vec` cannot say that the call failed; write `Result<Vec<(String, u8)>, E>`
            async fn send() -> impl Display
                an `impl Trait` hides whether the call failed; write `Result<impl Trait, E>`
            fn send() -> impl Future<Output = Result<(), E>>
                the body would only make a future and not run it; write an `async fn` that returns a `Result`
            async fn send() -> &'static str
                this type cannot say that the call failed; write `Result<&'static str, E>`
            async fn send() -> (u8, u8)
                this type cannot say that the call failed; write `Result<(u8, u8), E>`
            async fn send() -> ()
                `()` cannot say that the call failed; write `Result<(), E>`
            async fn send() -> !
                a function that never returns cannot say that it failed; write `Result<(), E>`
            async fn send() -> dyn Trait
                this type cannot say that the call failed; write `Result<dyn Trait, E>`
            async fn send() -> [u8; 4]
                this type cannot say that the call failed; write `Result<[u8; 4], E>`
            async fn send() -> (String)
                a `String` cannot say that the call failed; write `Result<String, E>`
            fn send(order: Order) -> Result<(), E>
                nothing can stop an attempt of a plain `fn`; write `async fn send`, or remove `attempt_timeout` and set a time limit in the body
            async fn send((a, b): (u8, u8), _: u8, c: u8) -> Result<(), E>
                `fallback` is given the arguments by their names; write a name here and take it apart in the body
                `fallback` is given the arguments by their names; write a name here and take it apart in the body
            const fn send() -> u32
                unknown option `max_retires`; did you mean `max_retries`?
                `timeout` cannot be negative; write a duration such as `"30s"`
                a `const fn` can have neither a clock nor a state; remove `const`
                a `u32` cannot say that the call failed; write `Result<u32, E>`
        "#]],
    );
}

#[test]
fn names_of_arguments_are_refused() {
    refused(
        on_async(&["clone(ordr)", "clone(client)", "attempt = order"]),
        &expect![[r#"
            clone(ordr)
                `send` has no argument `ordr`; did you mean `order`?
            clone(client)
                `send` has no argument `client`; write one of `order`, `left`
            attempt = order
                `order` is an argument already; write another name for the attempt
        "#]],
    );
    refused(
        [
            ("clone(key)", "async fn get() -> Result<(), E>"),
            ("clone(key)", "async fn get(key: &str) -> Result<(), E>"),
        ],
        &expect![[r#"
            async fn get() -> Result<(), E>
                `get` has no argument `key`; remove it
            async fn get(key: &str) -> Result<(), E>
                `key` is a reference, which every attempt can use as it is; remove it from `clone(..)`
        "#]],
    );
}
