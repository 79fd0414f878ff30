//! Nothing that is in scope without an import means here what it means elsewhere.
#![no_implicit_prelude]
#![allow(
    dead_code,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals
)]

use ::resilience::{circuit_breaker, wait_or_die};
use ::std::io;
use ::tokio::task::yield_now;

struct Result;
struct Option;
struct Box;
struct Duration;
struct u32;
struct bool;
trait Clone {}
trait From {}
trait Into {}
trait Send {}
trait Fn {}
trait FnOnce {}
trait Future {}
trait Drop {}
mod core {}
mod std {}
mod resilience {}

fn Some() {}
fn Ok() {}
fn Err() {}
fn drop() {}
const None: () = ();

pub(crate) type Count = ::core::primitive::u32;
pub(crate) type Outcome = ::core::result::Result<Count, Failure>;

#[derive(::core::fmt::Debug, ::resilience::Classify)]
#[classify(crate = ::resilience)]
pub(crate) enum Failure {
    #[classify(source)]
    Io(io::Error),
    #[classify(throttled(after = after))]
    Busy { after: ::core::time::Duration },
    #[classify(permanent)]
    Dead,
}

impl ::core::fmt::Display for Failure {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.write_str("failure")
    }
}

impl ::core::convert::From<::resilience::Error> for Failure {
    fn from(_: ::resilience::Error) -> Self {
        Self::Dead
    }
}

const WAIT: ::core::time::Duration = ::core::time::Duration::from_secs(2);
const RETRIES: Count = 3;
const POLICY: ::resilience::RetryPolicy = ::resilience::RetryPolicy::NETWORK;

fn told(retry: &::resilience::Retry<'_, Failure>) {
    ::core::assert_eq!(retry.attempt, 1);
}

#[allow(clippy::unused_async)] // a fallback of an `async fn` is one
async fn fallback(_: &mut Count, text: ::std::string::String, error: Failure) -> Outcome {
    ::core::assert_eq!(text, "text");
    ::core::result::Result::Err(error)
}

#[wait_or_die(
    crate = ::resilience,
    policy = POLICY,
    timeout = "30s",
    attempt_timeout = 5,
    max_retries = RETRIES,
    initial_wait = WAIT,
    max_wait = "10s",
    strategy = exponential,
    multiplier = 3,
    jitter = equal,
    attempt = attempt,
    clone(text),
    fields(text, number = *attempts),
    on_retry = told,
    retry_on(Failure::Io(_)),
    abort_on(Failure::Dead),
    fallback = fallback
)]
pub(crate) async fn everything(attempts: &mut Count, mut text: ::std::string::String) -> Outcome {
    text.push('!');
    ::core::assert_eq!(text, "text!");
    yield_now().await;
    crate::answer(attempts)
        .map_err(Failure::Io)
        .map(|n| n * 10 + attempt.number())
}

fn steady(_: Count) -> ::core::time::Duration {
    WAIT
}

#[wait_or_die(crate = ::resilience, strategy = steady, retry_if = |_| true, max_retries = 1)]
pub(crate) fn plain(attempts: &mut Count) -> Outcome {
    crate::answer(attempts).map_err(Failure::Io)
}

fn is_sick(_: &Failure) -> ::core::primitive::bool {
    true
}

const BREAKER: ::resilience::BreakerPolicy = ::resilience::BreakerPolicy::NETWORK;

#[circuit_breaker(
    crate = ::resilience,
    name = "shadowed",
    policy = BREAKER,
    failure_rate = 0.5,
    window = "10s",
    minimum_calls = RETRIES,
    slow_call = WAIT,
    slow_call_rate = 0.5,
    recovery_timeout = WAIT,
    max_recovery_timeout = "1m",
    success_threshold = 2,
    half_open_calls = 2,
    key = text,
    failure_if = is_sick,
    ignore_if = |_| false,
    on_cancel = failure
)]
#[wait_or_die(
    crate = ::resilience,
    max_retries = RETRIES,
    when_open = wait,
    retry_on(Failure::Io(_)),
    attempt = attempt,
    clone(text)
)]
pub(crate) async fn guarded(attempts: &mut Count, mut text: ::std::string::String) -> Outcome {
    text.push('!');
    yield_now().await;
    crate::answer(attempts)
        .map_err(Failure::Io)
        .map(|n| n * 10 + attempt.number())
}

#[circuit_breaker(crate = ::resilience, name = "shadowed", key = text.len())]
pub(crate) fn guarded_plain(attempts: &mut Count, text: ::std::string::String) -> Outcome {
    ::std::mem::drop(text);
    crate::answer(attempts).map_err(Failure::Io)
}

#[circuit_breaker(crate = ::resilience, name = "shadowed", ignore_if = |_| true)]
pub(crate) async fn guarded_alone(attempts: &mut Count) -> Outcome {
    yield_now().await;
    crate::answer(attempts).map_err(Failure::Io)
}
