//! Calls that fail, each in a way of its own.

use std::future::pending;

use wait_or_die::{Retry, circuit_breaker, wait_or_die};

use crate::planted::{CallError, Planted};

#[allow(clippy::print_stdout)] // to be looked at by the test
fn print_retry(retry: &Retry<'_, CallError>) {
    println!("{retry:?}");
}

#[allow(clippy::print_stdout)] // as above
#[wait_or_die(
    name = "canary.exhausted",
    max_retries = 2,
    strategy = fixed,
    attempt = attempt,
    on_retry = print_retry,
    fields(
        url = planted.url,
        userinfo = planted.userinfo,
        header = planted.header,
        basic = planted.basic,
        body = planted.body,
        password = planted.secret,
        api_key = %planted.secret,
        request = %format!("{planted:?}")
    )
)]
pub(crate) async fn exhausted(planted: &Planted) -> Result<(), CallError> {
    println!("{attempt:?} after {:?}", attempt.last_error());
    Err(planted.refused())
}

#[wait_or_die(name = "canary.not_retryable", fields(url = planted.url, token = planted.secret))]
pub(crate) async fn not_retryable(planted: &Planted) -> Result<(), CallError> {
    Err(planted.denied())
}

#[wait_or_die(name = "canary.deadline", timeout = "5s", strategy = fixed, attempt = attempt)]
pub(crate) async fn deadline(planted: &Planted) -> Result<(), CallError> {
    if attempt.number() > 1 {
        return pending().await;
    }
    Err(planted.refused())
}

#[wait_or_die(
    name = "canary.attempt_timeout",
    attempt_timeout = "1s",
    max_retries = 2,
    attempt = attempt,
    fields(header = planted.header)
)]
pub(crate) async fn attempt_timeout(planted: &Planted) -> Result<(), CallError> {
    if attempt.number() == 2 {
        return Err(planted.refused());
    }
    pending().await
}

#[circuit_breaker(name = "canary", key = planted.url, failure_threshold = 2)]
#[wait_or_die(name = "canary.open", strategy = fixed, fields(body = planted.body))]
pub(crate) async fn open(planted: &Planted) -> Result<(), CallError> {
    Err(planted.refused())
}

#[circuit_breaker(name = "canary.alone", key = format!("password={:?}", planted.secret), failure_threshold = 1)]
pub(crate) async fn open_alone(planted: &Planted) -> Result<(), CallError> {
    Err(planted.denied())
}

#[wait_or_die(
    name = "canary.budget",
    max_retries = 1000,
    initial_wait = 0,
    max_wait = 0,
    budget = "canary"
)]
pub(crate) async fn budget(planted: &Planted) -> Result<(), CallError> {
    Err(planted.refused())
}

#[circuit_breaker(name = "canary.panics", key = planted.userinfo, failure_threshold = 2)]
#[wait_or_die(name = "canary.panic", fields(url = planted.url))]
pub(crate) async fn panics(planted: &Planted, with_an_error: bool) -> Result<(), CallError> {
    tokio::task::yield_now().await;
    if with_an_error {
        refused(planted).expect("the request is served");
    }
    panic!("called with {} and {}", planted.url, planted.body)
}

#[allow(clippy::print_stdout, clippy::unused_async)] // as above; a fallback of an `async fn` is one
async fn answer(planted: &Planted, error: CallError) -> Result<(), CallError> {
    let error = error.to_string();
    println!("fallback for {}", wait_or_die::redact::filter(&error));
    Err(planted.denied())
}

#[wait_or_die(name = "canary.fallback", max_retries = 1, fallback = answer)]
pub(crate) async fn fallback(planted: &Planted) -> Result<(), CallError> {
    Err(planted.refused())
}

#[circuit_breaker(name = "canary.plain", key = planted.header, failure_threshold = 3)]
#[wait_or_die(
    name = "canary.blocking",
    initial_wait = 0,
    max_wait = 0,
    fields(userinfo = planted.userinfo)
)]
pub(crate) fn blocking(planted: &Planted) -> Result<(), CallError> {
    Err(planted.refused())
}

fn refused(planted: &Planted) -> Result<(), CallError> {
    Err(planted.refused())
}
