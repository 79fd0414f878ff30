//! Functions of one breaker that call one another, without retries.

use wait_or_die::{circuit_breaker, testing, wait_or_die};

use super::*;

#[circuit_breaker(name = "pages", failure_threshold = 4, recovery_timeout = "1s")]
async fn token(fails: bool) -> io::Result<u32> {
    answer(fails)
}

#[circuit_breaker(name = "pages")]
async fn page(fails: bool) -> io::Result<u32> {
    token(fails).await
}

#[circuit_breaker(name = "pages", failure_threshold = 4, recovery_timeout = "1s")]
fn plain_token(fails: bool) -> io::Result<u32> {
    answer(fails)
}

#[circuit_breaker(name = "pages")]
fn plain_page(fails: bool) -> io::Result<u32> {
    plain_token(fails)
}

#[circuit_breaker(name = "pages")]
async fn page_of_plain_token(fails: bool) -> io::Result<u32> {
    plain_token(fails)
}

/// Opens the breaker, and waits until it may be asked again.
async fn open_until_a_probe_may_pass() {
    for _ in 0..4 {
        token(true).await.unwrap_err();
    }
    assert_eq!(state("pages"), State::Open);
    tokio::time::advance(2 * SECOND).await;
}

#[tokio::test(start_paused = true)]
async fn a_failure_inside_a_failure_counts_once() {
    let _scope = testing::scope(1);
    for failed in 1..4 {
        page(true).await.unwrap_err();
        assert_eq!((failures("pages"), state("pages")), (failed, State::Closed));
    }
    page(true).await.unwrap_err();
    assert_eq!(state("pages"), State::Open);
}

#[tokio::test(start_paused = true)]
async fn a_probe_may_call_another_function_of_its_breaker() {
    let _scope = testing::scope(1);
    open_until_a_probe_may_pass().await;
    assert_eq!(page(false).await.unwrap(), 1);
    assert_eq!(state("pages"), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_fails_inside_opens_the_breaker_once() {
    let _scope = testing::scope(1);
    open_until_a_probe_may_pass().await;
    let before = found("pages").snapshot().core.generation;
    page(true).await.unwrap_err();
    // To half-open, and back.
    let after = found("pages").snapshot().core;
    assert_eq!((after.generation - before, after.state), (2, State::Open));
}

#[test]
fn a_plain_function_in_a_plain_one_counts_once_and_passes_as_a_probe() {
    let scope = testing::scope(1);
    for failed in 1..4 {
        plain_page(true).unwrap_err();
        assert_eq!((failures("pages"), state("pages")), (failed, State::Closed));
    }
    plain_page(true).unwrap_err();
    assert_eq!(state("pages"), State::Open);
    scope.advance(2 * SECOND);
    assert_eq!(plain_page(false).unwrap(), 1);
    assert_eq!(state("pages"), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_plain_function_in_an_asynchronous_one_counts_once_and_passes_as_a_probe() {
    let _scope = testing::scope(1);
    page_of_plain_token(true).await.unwrap_err();
    assert_eq!(failures("pages"), 1);
    found("pages").reset();
    open_until_a_probe_may_pass().await;
    assert_eq!(page_of_plain_token(false).await.unwrap(), 1);
    assert_eq!(state("pages"), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_success_inside_a_success_counts_once() {
    #[circuit_breaker(
        name = "two probes",
        failure_threshold = 1,
        recovery_timeout = "1s",
        success_threshold = 2
    )]
    async fn inner(fails: bool) -> io::Result<u32> {
        answer(fails)
    }
    #[circuit_breaker(name = "two probes")]
    async fn outer(fails: bool) -> io::Result<u32> {
        inner(fails).await
    }
    let _scope = testing::scope(1);
    outer(true).await.unwrap_err();
    tokio::time::advance(2 * SECOND).await;
    outer(false).await.unwrap();
    assert_eq!(state("two probes"), State::HalfOpen);
    outer(false).await.unwrap();
    assert_eq!(state("two probes"), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn what_the_inner_call_says_is_for_the_outer_one_to_tell() {
    #[circuit_breaker(name = "told", failure_rate = 0.5, window = 9, minimum_calls = 9)]
    async fn inner() -> io::Result<u32> {
        answer(true)
    }
    #[circuit_breaker(name = "told")]
    async fn recovers() -> io::Result<u32> {
        inner().await.or(Ok(2))
    }
    let _scope = testing::scope(1);
    assert_eq!(recovers().await.unwrap(), 2);
    let seen = found("told").snapshot().core;
    assert_eq!((seen.calls, seen.failures), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn another_breaker_between_hears_of_its_own_call_and_the_outermost_once() {
    #[circuit_breaker(name = "inventory", failure_threshold = 4)]
    async fn between(fails: bool) -> io::Result<u32> {
        page(fails).await
    }
    #[circuit_breaker(name = "pages")]
    async fn outermost(fails: bool) -> io::Result<u32> {
        between(fails).await
    }
    let _scope = testing::scope(1);
    outermost(true).await.unwrap_err();
    assert_eq!((failures("pages"), failures("inventory")), (1, 1));
    found("pages").reset();
    open_until_a_probe_may_pass().await;
    assert_eq!(outermost(false).await.unwrap(), 1);
    assert_eq!(state("pages"), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn another_breaker_inside_may_still_refuse() {
    #[circuit_breaker(name = "broken", failure_threshold = 1)]
    async fn inner(fails: bool) -> io::Result<u32> {
        answer(fails)
    }
    #[circuit_breaker(name = "pages")]
    async fn outer() -> io::Result<u32> {
        inner(false).await
    }
    let _scope = testing::scope(1);
    inner(true).await.unwrap_err();
    let error = outer().await.unwrap_err();
    assert_eq!(told(&error).breaker(), Some("broken"));
    assert_eq!(failures("pages"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_spawned_asks_for_itself() {
    #[circuit_breaker(name = "pages")]
    async fn spawns(fails: bool) -> io::Result<u32> {
        tokio::spawn(token(fails)).await.unwrap()
    }
    let _scope = testing::scope(1);
    spawns(true).await.unwrap_err();
    assert_eq!(failures("pages"), 2);
    found("pages").reset();
    open_until_a_probe_may_pass().await;
    // Its parent is the one probe.
    let error = spawns(false).await.unwrap_err();
    assert_eq!(told(&error).state(), Some(State::HalfOpen));
}

#[tokio::test(start_paused = true)]
async fn neighbours_are_not_nested() {
    #[circuit_breaker(name = "pages")]
    async fn slow(fails: bool) -> io::Result<u32> {
        tokio::time::sleep(SECOND).await;
        answer(fails)
    }
    let _scope = testing::scope(1);
    let (first, second, third) = tokio::join!(slow(true), token(true), slow(true));
    first.unwrap_err();
    second.unwrap_err();
    third.unwrap_err();
    assert_eq!(failures("pages"), 3);
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_joined_inside_another_all_go_with_its_permit() {
    #[circuit_breaker(name = "pages")]
    async fn both(fails: bool) -> io::Result<u32> {
        // Not at once: the second poll knows the outer call too.
        tokio::time::sleep(SECOND).await;
        let (first, second) = tokio::join!(token(fails), page(fails));
        first.and(second)
    }
    let _scope = testing::scope(1);
    both(true).await.unwrap_err();
    assert_eq!(failures("pages"), 1);
    found("pages").reset();
    open_until_a_probe_may_pass().await;
    assert_eq!(both(false).await.unwrap(), 1);
    assert_eq!(state("pages"), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn only_a_call_of_the_same_key_goes_with_the_outer_permit() {
    #[circuit_breaker(name = "tenants", key = tenant, failure_threshold = 4)]
    async fn inner(tenant: u32) -> io::Result<u32> {
        answer(true)
    }
    #[circuit_breaker(name = "tenants", key = tenant)]
    async fn outer(tenant: u32, other: u32) -> io::Result<u32> {
        inner(other).await
    }
    let _scope = testing::scope(1);
    let of = |tenant: u32| {
        let breaker = found("tenants").for_key(&tenant);
        breaker.snapshot().core.consecutive_failures
    };
    outer(1, 1).await.unwrap_err();
    assert_eq!((of(1), of(2)), (1, 0));
    outer(1, 2).await.unwrap_err();
    assert_eq!((of(1), of(2)), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_opens_meanwhile_does_not_refuse_what_is_inside() {
    #[circuit_breaker(name = "pages")]
    #[wait_or_die(max_retries = 1)]
    async fn retried() -> io::Result<u32> {
        answer(false)
    }
    #[circuit_breaker(name = "pages")]
    async fn outer() -> io::Result<u32> {
        found("pages").force_open();
        Ok(token(false).await? + retried().await? + plain_token(false)?)
    }
    #[circuit_breaker(name = "pages")]
    fn plain_outer() -> io::Result<u32> {
        found("pages").force_open();
        plain_token(false)
    }
    let _scope = testing::scope(1);
    assert_eq!(outer().await.unwrap(), 3);
    assert_eq!(state("pages"), State::ForcedOpen);
    let error = token(false).await.unwrap_err();
    assert_eq!(told(&error).state(), Some(State::ForcedOpen));
    found("pages").reset();
    assert_eq!(plain_outer().unwrap(), 1);
    let error = plain_token(false).unwrap_err();
    assert_eq!(told(&error).state(), Some(State::ForcedOpen));
}
