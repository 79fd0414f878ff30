use expect_test::{ExpectFile, expect, expect_file};
use proc_macro2::TokenStream;

use super::{ASYNC_TRAIT, shown, tokens};
use crate::expand::{attribute, finish};
use crate::fuse::Kind;

const PUSH: &str =
    "async fn push(client: &Client, mut page: Page) -> Result<Id, E> { client.push(page).await }";

/// The expansion of `#[circuit_breaker]` alone.
fn expand(args: &str, item: &str, expected: &ExpectFile) {
    expected.assert_eq(&shown(attribute(
        Kind::CircuitBreaker,
        tokens(args),
        tokens(item),
    )));
}

/// The expansion of both, each attribute in its turn: `first` finds `second` behind it, and leaves
/// a marker for it.
fn in_turn(first: (Kind, &str), second: (Kind, &str), item: &str) -> String {
    let behind = format!("#[{}({})] {item}", second.0.name(), second.1);
    let left = attribute(first.0, tokens(first.1), tokens(&behind));
    // The compiler takes the second attribute off before it expands it.
    let rest = left.into_iter().skip(2).collect();
    shown(attribute(second.0, tokens(second.1), rest))
}

/// The same for either order.
#[track_caller]
pub(super) fn both(wait: &str, breaker: &str, item: &str, expected: &ExpectFile) {
    let wait = (Kind::WaitOrDie, wait);
    let breaker = (Kind::CircuitBreaker, breaker);
    let expansion = in_turn(wait, breaker, item);
    assert_eq!(expansion, in_turn(breaker, wait, item));
    expected.assert_eq(&expansion);
}

#[test]
fn alone_on_an_async_function() {
    expand(
        "name = \"notion\"",
        PUSH,
        &expect_file!["../snapshots/breaker_alone_async.rs"],
    );
}

#[test]
fn alone_on_a_plain_function() {
    expand(
        "name = \"notion\", failure_threshold = 3, ignore_if = E::is_refusal",
        "pub fn push(client: &Client, page: Page) -> Result<Id, E> { client.push(page) }",
        &expect_file!["../snapshots/breaker_alone_plain.rs"],
    );
}

#[test]
fn alone_with_every_option() {
    expand(
        r#"
        name = "notion",
        policy = POLICY,
        failure_rate = 0.5,
        window = "10s",
        minimum_calls = MINIMUM,
        slow_call = "4s",
        slow_call_rate = 0.25,
        recovery_timeout = 30,
        max_recovery_timeout = LONGEST,
        success_threshold = 2,
        half_open_calls = 3,
        key = self.host,
        failure_if = |error| self.is_outage(error),
        ignore_if = E::is_refusal,
        on_cancel = failure,
        crate = crate::resilience
        "#,
        "async fn push(&self, page: Page) -> Result<Id, E> { self.client.push(page).await }",
        &expect_file!["../snapshots/breaker_every_option.rs"],
    );
}

#[test]
fn alone_on_a_method_of_async_trait() {
    expand(
        "name = \"notion\", key = self.client.host(), failure_if = |error| self.is_outage(error)",
        ASYNC_TRAIT,
        &expect_file!["../snapshots/breaker_method_of_async_trait.rs"],
    );
}

#[test]
fn with_retries_in_either_order() {
    both(
        "max_retries = 3, clone(page), fallback = cached",
        "name = \"notion\", window = Window::Calls(20), failure_rate = 0.5",
        PUSH,
        &expect_file!["../snapshots/both_async.rs"],
    );
}

#[test]
fn with_retries_on_a_plain_function_in_either_order() {
    both(
        "budget = \"shared\", when_open = wait, retry_if = is_transient",
        "name = \"notion\", key = &page.host + 1, ignore_if = is_refusal",
        "fn push(page: &Page) -> Result<Id, E> { ask(page) }",
        &expect_file!["../snapshots/both_plain.rs"],
    );
}

#[test]
fn with_retries_by_key_and_by_predicates() {
    both(
        "abort_on(E::Denied), budget = none, when_open = fail",
        "name = \"notion\", key = host, failure_if = |error| error.is_outage(), ignore_if = is_refusal",
        "async fn push(host: &str) -> io::Result<Id> { ask(host).await }",
        &expect_file!["../snapshots/both_keyed.rs"],
    );
}

#[test]
fn with_retries_on_a_method_of_async_trait() {
    both(
        "clone(page)",
        "name = \"notion\", key = self.host",
        ASYNC_TRAIT,
        &expect_file!["../snapshots/both_method_of_async_trait.rs"],
    );
}

#[test]
fn a_sibling_of_another_name_is_fused() {
    let breaker = "name = \"notion\", failure_threshold = 3";
    let plain = in_turn(
        (Kind::CircuitBreaker, breaker),
        (Kind::WaitOrDie, "timeout = 3"),
        PUSH,
    );
    // `#[guard]` is `#[wait_or_die]`.
    let left = attribute(
        Kind::CircuitBreaker,
        tokens(breaker),
        tokens(&format!("#[guard(timeout = 3)] {PUSH}")),
    );
    let rest = left.into_iter().skip(2).collect();
    assert_eq!(
        shown(attribute(Kind::WaitOrDie, tokens("timeout = 3"), rest)),
        plain
    );
}

#[test]
fn a_stranger_behind_cannot_take_the_protection_away() {
    let breaker = "name = \"notion\"";
    let alone = attribute(Kind::CircuitBreaker, tokens(breaker), tokens(PUSH));
    let above = attribute(
        Kind::CircuitBreaker,
        tokens(breaker),
        tokens(&format!("#[stranger] {PUSH}")),
    );
    // The stranger finds the expanded body, and may drop every attribute that it finds.
    assert_eq!(shown(above), shown(tokens(&format!("#[stranger] {alone}"))));
}

#[test]
fn a_stranger_with_options_of_ours_is_waited_for_in_vain() {
    let breaker = "name = \"notion\"";
    let alone = shown(attribute(
        Kind::CircuitBreaker,
        tokens(breaker),
        tokens(PUSH),
    ));
    let left = attribute(
        Kind::CircuitBreaker,
        tokens(breaker),
        tokens(&format!("#[stranger(timeout = 3)] {PUSH}")),
    );
    let marked = format!(
        "#[stranger(timeout = 3)] #[::wait_or_die::__private::__finish(circuit_breaker {{ {breaker} }})] {PUSH}"
    );
    assert_eq!(left.to_string(), tokens(&marked).to_string());
    let item = left.into_iter().skip(4).collect();
    assert_eq!(
        shown(finish(
            tokens("circuit_breaker { name = \"notion\" }"),
            item
        )),
        alone
    );
}

#[test]
fn an_expansion_is_not_put_into_another() {
    let told = |kind, args, expansion: TokenStream| {
        let told = attribute(kind, tokens(args), expansion.clone()).to_string();
        let told = told.strip_prefix(&expansion.to_string()).map(str::to_owned);
        told.expect("the function comes first")
    };
    let with = |name, rest| {
        format!(
            ":: core :: compile_error ! {{ \"two attributes of this crate on one function were not put together; write the lower one under its own name, `#[{name}]`{rest}\" }}"
        )
    };
    for item in [PUSH, ASYNC_TRAIT] {
        for args in [
            "name = \"notion\"",
            "name = \"notion\", failure_threshold = 3",
        ] {
            let breaker = attribute(Kind::CircuitBreaker, tokens(args), tokens(item));
            assert_eq!(
                told(Kind::WaitOrDie, "", breaker).trim(),
                with("wait_or_die", ", or with an option")
            );
        }
        for args in ["", "fallback = cached"] {
            let wait = attribute(Kind::WaitOrDie, tokens(args), tokens(item));
            assert_eq!(
                told(Kind::CircuitBreaker, "name = \"notion\"", wait).trim(),
                with("circuit_breaker", "")
            );
        }
    }
}

#[test]
fn an_attribute_that_is_written_twice_is_refused() {
    for (kind, args) in [
        (Kind::WaitOrDie, "timeout = 3"),
        (Kind::CircuitBreaker, "name = \"notion\""),
    ] {
        let name = kind.name();
        let told = in_turn(
            (kind, args),
            (kind, args),
            "async fn f() -> Result<(), E> { go().await }",
        );
        let expected = format!(
            "async fn f() -> Result<(), E> {{\n    go().await\n}}\n::core::compile_error! {{\n    \"`#[{name}]` is written twice on one function; put the options of both into one\"\n}}\n"
        );
        assert_eq!(told, expected);
    }
}

#[test]
fn one_that_is_written_twice_tells_its_own_mistakes() {
    let told = in_turn(
        (Kind::CircuitBreaker, "name = \"notion\""),
        (Kind::CircuitBreaker, "nme = \"notion\", minimum_calls = 3"),
        "async fn f() -> Result<(), E> { go().await }",
    );
    let twice =
        "`#[circuit_breaker]` is written twice on one function; put the options of both into one";
    for message in [
        twice,
        "unknown option `nme`; did you mean `name`?",
        "`minimum_calls` needs `failure_rate`; write `failure_rate` too, such as 0.5",
    ] {
        assert_eq!(told.matches(message).count(), 1, "{told}");
    }
    let told = in_turn(
        (Kind::WaitOrDie, ""),
        (Kind::WaitOrDie, "timeout = 3, initial_wait = 4"),
        "async fn f() -> Result<(), E> { go().await }",
    );
    let message = "`initial_wait` (4s) is greater than `timeout` (3s)";
    assert_eq!(told.matches(message).count(), 1, "{told}");
}

#[test]
fn rules_between_options_are_told_of_what_is_no_function_too() {
    for item in [
        "struct Client { host: String }",
        "fn send() -> Pin<Box<dyn Future<Output = Result<(), E>>>> { self.client.send() }",
    ] {
        let told = in_turn(
            (Kind::CircuitBreaker, "name = \"notion\", window = 3"),
            (Kind::WaitOrDie, "timeout = 3, initial_wait = 4"),
            item,
        );
        for message in [
            "`window` needs `failure_rate`",
            "`initial_wait` (4s) is greater than `timeout` (3s)",
        ] {
            assert_eq!(told.matches(message).count(), 1, "{told}");
        }
        assert_eq!(told.matches("compile_error").count(), 3, "{told}");
    }
}

#[test]
fn mistakes_of_both_are_told_at_once() {
    let told = in_turn(
        (Kind::CircuitBreaker, "name = \"notion\", failure_rate = 2"),
        (Kind::WaitOrDie, "timeout = 0, max_retires = 3"),
        "fn f() { let y = = 3; }",
    );
    expect![[r#"fn f () { let y = = 3 ; } :: core :: compile_error ! { "unknown option `max_retires`; did you mean `max_retries`?" } :: core :: compile_error ! { "`timeout` must be positive; write the time that the whole call may take, such as `\"30s\"`" } :: core :: compile_error ! { "`failure_rate` must be above 0 and at most 1; write a share of the calls, such as 0.5" } :: core :: compile_error ! { "`f` returns nothing, so it cannot say that it failed; write `-> Result<(), E>`" }"#]].assert_eq(&told);
}

#[test]
fn what_is_no_function_is_untouched() {
    let told = in_turn(
        (Kind::CircuitBreaker, "name = \"notion\""),
        (Kind::WaitOrDie, "timeout = 0"),
        "struct Client { host: String }",
    );
    expect![[r#"
        struct Client {
            host: String,
        }
        ::core::compile_error! {
            "`timeout` must be positive; write the time that the whole call may take, such as `\"30s\"`"
        }
        ::core::compile_error! {
            "`#[circuit_breaker]` belongs on a function; put it on the `fn` that makes the call"
        }
    "#]].assert_eq(&told);
}

#[test]
fn the_marker_is_not_for_users() {
    let item = "fn f() {}";
    assert_eq!(shown(finish(tokens(""), tokens(item))), "fn f() {}\n");
    expect![[r#"
        fn f() {}
        ::core::compile_error! {
            "this attribute is part of an expansion; write `#[wait_or_die]` or `#[circuit_breaker]`"
        }
    "#]]
    .assert_eq(&shown(finish(tokens("name = 3"), tokens(item))));
}
