use expect_test::expect_file;

use super::{ASYNC_TRAIT, expand};

#[test]
fn system() {
    expand(
        "halt, fallback = cached, clone(page)",
        "async fn send(page: String, n: &mut u32) -> Result<Id, E> { ask(page, n).await }",
        &expect_file!["../snapshots/halt_async.rs"],
    );
}

#[test]
fn of_a_plain_function() {
    expand(
        "halt = HALT, max_retries = 3",
        "fn send(page: &str) -> io::Result<impl Iterator<Item = u8>> { ask(page) }",
        &expect_file!["../snapshots/halt_plain.rs"],
    );
}

#[test]
fn behind_a_breaker() {
    super::breaker::both(
        "halt = self.halts[0 + 1]",
        "name = \"notion\"",
        "fn send(&self, page: &str) -> Result<Id, E> { self.ask(page) }",
        &expect_file!["../snapshots/halt_both_plain.rs"],
    );
}

#[test]
fn of_a_method_of_async_trait() {
    expand(
        "clone(page), halt = self.halt.clone()",
        ASYNC_TRAIT,
        &expect_file!["../snapshots/halt_method_of_async_trait.rs"],
    );
}
