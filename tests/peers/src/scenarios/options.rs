//! What the options of the attributes cost while all is well.

use std::hint::black_box;

use wait_or_die::{Retry, circuit_breaker, wait_or_die};

use crate::body::{Body, Failure, Outcome, Plain, argument};
use crate::hand;
use crate::harness::{Case, Role, Seat};
use crate::ours;

#[wait_or_die(timeout = "30s", attempt = attempt)]
async fn attempt<B: Body>(argument: u32) -> Outcome {
    black_box(attempt.number());
    B::attempt(argument).await
}

#[wait_or_die(timeout = "30s", fields(argument = argument), on_retry = noted)]
async fn fields<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

fn noted(retry: &Retry<'_, Failure>) {
    black_box(retry.attempt);
}

#[wait_or_die(timeout = "30s", retry_on(Failure::Down), abort_on(Failure::Late))]
async fn patterns<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[wait_or_die(timeout = "30s", fallback = instead)]
async fn fallback<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[expect(clippy::unused_async, reason = "a fallback of an `async fn` is one")]
async fn instead(argument: u32, _: Failure) -> Outcome {
    Ok(argument)
}

#[wait_or_die(timeout = "30s", halt)]
async fn halt<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[wait_or_die(timeout = "30s")]
fn plain<B: Plain>(argument: u32) -> Outcome {
    B::call(argument)
}

#[circuit_breaker(name = "options")]
#[wait_or_die(timeout = "30s")]
async fn breaker<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[circuit_breaker(name = "options, calls", failure_rate = 0.5, window = 100)]
#[wait_or_die(timeout = "30s")]
async fn calls<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[circuit_breaker(name = "options, time", failure_rate = 0.5, window = "10s")]
#[wait_or_die(timeout = "30s")]
async fn time<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[circuit_breaker(
    name = "options, slow",
    failure_rate = 0.5,
    window = "10s",
    slow_call = "1s"
)]
#[wait_or_die(timeout = "30s")]
async fn slow<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[circuit_breaker(name = "options, key", key = argument)]
#[wait_or_die(timeout = "30s")]
async fn key<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

pub(super) fn cases<B: Plain, S: Seat>() -> Vec<Case> {
    let mut cases = vec![
        S::call("bare", Role::Bare, || B::attempt(argument())),
        S::call(
            "by hand: fused",
            Role::Hand,
            || hand::fused::<B>(argument()),
        ),
        S::call("`timeout = \"30s\"`", Role::Ours, || {
            ours::deadline::<B>(argument())
        }),
    ];
    cases.extend(of_calls::<B, S>());
    cases.extend(of_breakers::<B, S>());
    cases
}

fn of_calls<B: Plain, S: Seat>() -> Vec<Case> {
    let too = Role::OursToo;
    vec![
        S::call("+ `budget = none`", too, || {
            ours::deadline_without_budget::<B>(argument())
        }),
        S::call("+ `attempt_timeout`", too, || {
            ours::attempt_deadline::<B>(argument())
        }),
        S::call("+ `attempt`", too, || attempt::<B>(argument())),
        S::call(
            "+ `fields(..)`, `on_retry`",
            too,
            || fields::<B>(argument()),
        ),
        S::call("+ `retry_on(..)`, `abort_on(..)`", too, || {
            patterns::<B>(argument())
        }),
        S::call("+ `fallback`", too, || fallback::<B>(argument())),
        S::call("+ `halt`", too, || halt::<B>(argument())),
        S::plain("on a plain `fn`, which reads the clock", too, || {
            plain::<B>(argument())
        }),
    ]
}

fn of_breakers<B: Plain, S: Seat>() -> Vec<Case> {
    let too = Role::OursToo;
    vec![
        S::call("+ breaker", too, || breaker::<B>(argument())),
        S::call("+ breaker, `window = 100`", too, || calls::<B>(argument())),
        S::call("+ breaker, `window = \"10s\"`", too, || {
            time::<B>(argument())
        }),
        S::call("+ breaker, `window = \"10s\"`, `slow_call`", too, || {
            slow::<B>(argument())
        }),
        S::call("+ breaker, `key`", too, || key::<B>(argument())),
    ]
}
