#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use proc_macro2::{Span, TokenStream};

use super::{Fused, Kind, Written, fuse, fuse_last, siblings};

fn tokens(text: &str) -> TokenStream {
    text.parse().expect(text)
}

fn written(kind: Kind, args: &str) -> Vec<Written> {
    vec![Written {
        kind,
        place: Span::call_site(),
        args: tokens(args),
    }]
}

/// The item that is left for an attribute behind.
#[track_caller]
fn later(kind: Kind, args: &str, item: &str) -> String {
    match fuse(written(kind, args), tokens(item)) {
        Fused::Later(item) => item.to_string(),
        Fused::Now { .. } => panic!("`{item}` was not left for later"),
    }
}

/// What was gathered, and the item.
#[track_caller]
fn now(kind: Kind, args: &str, item: &str) -> (Vec<(Kind, String)>, String) {
    match fuse(written(kind, args), tokens(item)) {
        Fused::Now { written, item } => {
            let written = written.into_iter();
            let told = written.map(|written| (written.kind, written.args.to_string()));
            (told.collect(), item.to_string())
        }
        Fused::Later(item) => panic!("left for later: {item}"),
    }
}

fn text(item: &str) -> String {
    tokens(item).to_string()
}

#[test]
fn an_attribute_alone_expands_at_once() {
    let item = "#[doc = \"a\"] #[must_use] async fn f() -> Result<(), E> { go() }";
    assert_eq!(
        now(Kind::WaitOrDie, "timeout = 3", item),
        (
            vec![(Kind::WaitOrDie, "timeout = 3".to_owned())],
            text(item)
        )
    );
}

#[test]
fn the_marker_stands_behind_the_last_possible_sibling() {
    assert_eq!(
        later(
            Kind::CircuitBreaker,
            "name = \"a\"",
            "#[inline] #[guard(timeout = 3)] #[doc = \"b\"] #[cfg_attr(x, wait_or_die)] #[must_use] fn f() { #![inline] }"
        ),
        text(
            "#[inline] #[guard(timeout = 3)] #[doc = \"b\"] #[cfg_attr(x, wait_or_die)]
             #[::wait_or_die::__private::__finish(circuit_breaker { name = \"a\" })]
             #[must_use] fn f() { #![inline] }"
        )
    );
}

#[test]
fn both_orders_gather_the_same() {
    for (first, second) in [
        (Kind::WaitOrDie, Kind::CircuitBreaker),
        (Kind::CircuitBreaker, Kind::WaitOrDie),
    ] {
        let second_attribute = format!("#[{}] fn f() {{}}", second.name());
        let left = later(first, "name = \"a\"", &second_attribute);
        let expanding = left
            .strip_prefix(&text(&format!("#[{}]", second.name())))
            .expect("the sibling comes first");
        assert_eq!(
            now(second, "name = \"b\"", expanding),
            (
                vec![
                    (first, "name = \"a\"".to_owned()),
                    (second, "name = \"b\"".to_owned())
                ],
                text("fn f() {}")
            )
        );
    }
}

#[test]
fn markers_merge_and_move_on() {
    assert_eq!(
        later(
            Kind::WaitOrDie,
            "timeout = 3",
            "#[::wait_or_die::__private::__finish(circuit_breaker { name = \"a\" })] #[guard(timeout = 4)] fn f() {}"
        ),
        text(
            "#[guard(timeout = 4)]
             #[::wait_or_die::__private::__finish(circuit_breaker { name = \"a\" } wait_or_die { timeout = 3 })]
             fn f() {}"
        )
    );
}

#[test]
fn the_marker_is_found_where_any_attribute_says_the_crate_is() {
    for (args, item) in [
        ("crate = crate::x, timeout = 3", "#[wait_or_die] fn f() {}"),
        (
            "timeout = 3",
            "#[circuit_breaker(name = \"a\", crate = crate::x)] fn f() {}",
        ),
        (
            "timeout = 3",
            "#[crate::x::__private::__finish(circuit_breaker { crate = crate::x })] #[wait_or_die] fn f() {}",
        ),
        (
            "timeout = 3",
            "#[cfg_attr(y, cfg_attr(z, circuit_breaker(key = a < b, crate = crate::x)))] fn f() {}",
        ),
    ] {
        let left = later(Kind::WaitOrDie, args, item);
        assert!(
            left.contains(&text("crate::x::__private::__finish")),
            "{left}"
        );
        assert!(!left.contains(":: wait_or_die ::"), "{left}");
    }
}

#[test]
fn the_marker_is_not_found_where_a_strangers_crate_is() {
    for (args, item) in [
        (
            "",
            "#[tokio::test(crate = crate::x, start_paused = true)] #[wait_or_die] fn f() {}",
        ),
        (
            "",
            "#[route(crate = crate::x, path)] #[wait_or_die] fn f() {}",
        ),
        // A mistake, and told as one elsewhere.
        ("crate = x", "#[wait_or_die] fn f() {}"),
        ("name = crate", "#[wait_or_die] fn f() {}"),
    ] {
        let left = later(Kind::WaitOrDie, args, item);
        assert!(
            left.contains(":: wait_or_die :: __private :: __finish"),
            "{left}"
        );
    }
}

#[test]
fn a_marker_waits_for_nobody() {
    let item = "#[wait_or_die] #[guard(timeout = 3)] fn f() {}";
    match fuse_last(written(Kind::CircuitBreaker, "name = \"a\""), tokens(item)) {
        Fused::Now {
            written,
            item: left,
        } => {
            assert_eq!(written.len(), 1);
            assert_eq!(left.to_string(), text(item));
        }
        Fused::Later(left) => panic!("left for later: {left}"),
    }
}

#[test]
fn siblings_are_told_from_others() {
    let may_be =
        |attribute: &str| siblings::may_be_ours(&syn::parse_str(attribute).expect(attribute));
    for attribute in [
        "wait_or_die",
        "wait_or_die(max_retires = 3)",
        "resilience::circuit_breaker(name = \"a\")",
        "once(when_open = wait)",
        "tracing::instrument(name = \"a\", timeout = 3)",
        "inline(failure_threshold = 3, name = \"a\")",
        "clippy::guard(max_retries = 3)",
        "mine::guard(name = \"a\", failure_threshold = 3)",
        "guard(timeout = \"3s\", clone(a, b), retry_on(E::A | E::B(_)), fields(%id))",
        "cfg_attr(feature = \"x\", wait_or_die)",
        "cfg_attr(all(unix, feature = \"x\"), must_use, guard(timeout = 3))",
        "cfg_attr(x, cfg_attr(y, circuit_breaker))",
        "cfg_attr(x)",
    ] {
        assert!(may_be(attribute), "{attribute}");
    }
    for attribute in [
        "guard",
        "guard()",
        "mine::guard",
        "cfg_attr",
        "cfg_attr(x, guard)",
        "tokio::main(crate = tokio)",
        "cached(key = \"u32\", name = \"A\")",
        "guard(timeout = 3, path = 4)",
        "doc = \"text\"",
        "must_use = \"why\"",
        "allow(unused)",
        "expect(unused, reason = \"why\")",
        "inline(always)",
        "cfg(unix)",
        "deprecated(since = \"1\")",
        "target_feature(enable = \"avx\")",
        "unsafe(no_mangle)",
        "clippy::cognitive_complexity = \"1\"",
        "rustfmt::skip",
        "diagnostic::on_unimplemented",
        "tokio::main",
        "tokio::test(start_paused = true)",
        "test",
        "tracing::instrument(name = \"a\", fields(id))",
        "async_trait::async_trait",
        "rstest",
        "test_case(1, 2)",
        "get(\"/pages/{id}\")",
        "route(path = \"/\")",
        "guard[name]",
        "cfg_attr(x, inline)",
        "cfg_attr(x, tracing::instrument, doc = \"a\")",
    ] {
        assert!(!may_be(attribute), "{attribute}");
    }
}

#[test]
fn attributes_of_a_macro_fragment_are_read() {
    let meta = tokens("circuit_breaker(name = \"a\")");
    let meta = proc_macro2::Group::new(proc_macro2::Delimiter::None, meta);
    let item = quote::quote!(#[#meta] fn f() {});
    assert!(matches!(
        fuse(written(Kind::WaitOrDie, ""), item),
        Fused::Later(_)
    ));
}
