//! What is emitted, token for token, in `snapshots/` beside this file.
//! `UPDATE_EXPECT=1 cargo test -p wait-or-die-macros` writes them anew.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod breaker;
mod halt;

use expect_test::{ExpectFile, expect_file};
use proc_macro2::TokenStream;

use crate::fuse::Kind;

/// The expansion of `#[wait_or_die]`, formatted; as plain tokens where it is no program.
fn expand(args: &str, item: &str, expected: &ExpectFile) {
    expected.assert_eq(&shown(super::attribute(
        Kind::WaitOrDie,
        tokens(args),
        tokens(item),
    )));
}

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("the test's text is tokens")
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "an expansion is made to be shown"
)]
fn shown(expansion: TokenStream) -> String {
    match syn::parse2(expansion.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => expansion.to_string(),
    }
}

#[test]
fn async_function() {
    expand(
        "",
        "/// Sends.\n#[must_use] pub async fn send(&self, page: String) -> Result<Id, E> { self.client.send(&page).await }",
        &expect_file!["snapshots/async_function.rs"],
    );
}

#[test]
fn every_option() {
    expand(
        r#"
        policy = POLICY,
        timeout = "1m30s",
        attempt_timeout = LIMIT,
        max_retries = 3,
        initial_wait = 0.5,
        max_wait = 10,
        strategy = exponential,
        multiplier = 3,
        jitter = equal,
        name = "orders.send",
        crate = crate::resilience,
        clone(order),
        attempt = attempt,
        fields(order = order.id, symbol = %symbol),
        on_retry = told,
        retry_on(E::Busy | E::TooMany(_), E::Io(error) if error.kind() == TimedOut),
        abort_on(E::Denied),
        fallback = Self::cached
        "#,
        "async fn send(&mut self, order: Order, mut lots: u32, symbol: &mut String) -> Result<Id, E> { order.send(lots).await }",
        &expect_file!["snapshots/every_option.rs"],
    );
}

#[test]
fn own_strategy_and_predicate() {
    expand(
        "strategy = steady, retry_if = |error| error.is_timeout(), abort_on(E::Denied)",
        "async fn send() -> io::Result<impl Iterator<Item = u8>> { ask().await }",
        &expect_file!["snapshots/own_strategy_and_predicate.rs"],
    );
}

#[test]
fn plain_function() {
    expand(
        "max_retries = 3, clone(page)",
        "fn send(page: String, (mut a, b): (u32, u32), #[cfg(unix)] mut n: u32) -> Result<(), E> { #![allow(unused)] ask(page) }",
        &expect_file!["snapshots/plain_function.rs"],
    );
}

/// The shape that `#[async_trait]` gives to a method before this attribute sees it.
const ASYNC_TRAIT: &str = "
fn send<'life0, 'life1, 'async_trait>(
    &'life0 mut self,
    page: String,
    mut rest: &'life1 mut [u32],
) -> ::core::pin::Pin<Box<dyn ::core::future::Future<Output = Result<Id, E>> + ::core::marker::Send + 'async_trait>>
where
    'life0: 'async_trait,
    'life1: 'async_trait,
    Self: 'async_trait,
{
    Box::pin(async move {
        if let ::core::option::Option::Some(__ret) = ::core::option::Option::None::<Result<Id, E>> {
            #[allow(unreachable_code)]
            return __ret;
        }
        let mut __self = self;
        let mut page = page;
        let __ret: Result<Id, E> = { __self.client.send(page).await };
        #[allow(unreachable_code)]
        __ret
    })
}";

#[test]
fn method_of_async_trait() {
    expand(
        "clone(page), fallback = Self::cached",
        ASYNC_TRAIT,
        &expect_file!["snapshots/method_of_async_trait.rs"],
    );
}

#[test]
fn body_that_does_not_parse_yet() {
    expand(
        "max_retries = 3",
        "async fn send(&self) -> Result<Id, E> { let y = = 3; self. }",
        &expect_file!["snapshots/body_that_does_not_parse_yet.txt"],
    );
}

#[test]
fn body_from_a_macro_fragment() {
    let body: TokenStream = "{ ask().await }".parse().expect("tokens");
    let body = proc_macro2::Group::new(proc_macro2::Delimiter::None, body);
    let item = quote::quote!(async fn send() -> Result<(), E> #body);
    let plain = "async fn send() -> Result<(), E> { ask().await }".parse();
    assert_eq!(
        super::attribute(Kind::WaitOrDie, TokenStream::new(), item).to_string(),
        super::attribute(Kind::WaitOrDie, TokenStream::new(), plain.expect("tokens")).to_string()
    );
}

#[test]
fn several_mistakes_leave_the_function_untouched() {
    let item = "async fn send(&self, key: String) -> u32 { let y = = 3; }";
    expand(
        "max_retires = 3, timeout = -1, clone(kee)",
        item,
        &expect_file!["snapshots/several_mistakes_leave_the_function_untouched.txt"],
    );
}

#[test]
fn function_that_cannot_be_read() {
    expand(
        "timeout = 0",
        "async fn send(&self) -> { ask() }",
        &expect_file!["snapshots/function_that_cannot_be_read.txt"],
    );
}

#[test]
fn what_is_no_function() {
    expand(
        "max_retires = 3",
        "struct Client { host: String }",
        &expect_file!["snapshots/what_is_no_function.rs"],
    );
}

#[test]
fn boxed_future_of_another_make() {
    expand(
        "",
        "fn send(&self) -> Pin<Box<dyn Future<Output = Result<(), E>>>> { self.client.send() }",
        &expect_file!["snapshots/boxed_future_of_another_make.rs"],
    );
}
