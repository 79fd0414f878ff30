//! Retry under a deadline for all attempts.

use ::tower::{Service as _, ServiceExt as _};
use layered::Service as _;

use crate::body::{Body, argument};
use crate::harness::{Case, InPlace, Role, Seat as _};
use crate::peers::stacked::timed;
use crate::peers::{resilience, retry, seatbelt, tower};
use crate::{hand, ours};

pub(super) fn cases<B: Body>() -> Vec<Case> {
    let mut cases = own::<B>();
    cases.extend(functions::<B>());
    cases.extend(layers::<B>());
    cases
}

fn own<B: Body>() -> Vec<Case> {
    vec![
        InPlace::call("bare", Role::Bare, || B::attempt(argument())),
        InPlace::call(
            "by hand: fused",
            Role::Hand,
            || hand::fused::<B>(argument()),
        ),
        InPlace::call("by hand: a flat state machine", Role::Hand, || {
            hand::flat::<B>(argument())
        }),
        InPlace::call(
            "by hand: a loop + `tokio::time::timeout`",
            Role::Hand,
            || hand::timed::<B>(argument()),
        ),
        InPlace::call("ours", Role::Ours, || ours::deadline::<B>(argument())),
        InPlace::call("ours, `budget = none`", Role::OursToo, || {
            ours::deadline_without_budget::<B>(argument())
        }),
        InPlace::call("ours, `attempt_timeout` in addition", Role::OursToo, || {
            ours::attempt_deadline::<B>(argument())
        }),
        InPlace::call(
            "`tokio::time::timeout` alone",
            Role::Beside("tokio"),
            || timed(B::attempt(argument())),
        ),
    ]
}

fn functions<B: Body>() -> Vec<Case> {
    vec![
        InPlace::call(
            "backon + `tokio::time::timeout`",
            Role::Peer("backon"),
            || timed(retry::backon::<B>(argument())),
        ),
        InPlace::call(
            "tokio-retry + `tokio::time::timeout`",
            Role::Peer("tokio-retry"),
            || timed(retry::tokio_retry::<B>(argument())),
        ),
        InPlace::call(
            "tokio-retry2 + `tokio::time::timeout`",
            Role::Peer("tokio-retry2"),
            || timed(retry::tokio_retry2::<B>(argument())),
        ),
        InPlace::call(
            "backoff + `tokio::time::timeout`",
            Role::Peer("backoff"),
            || timed(retry::backoff::<B>(argument())),
        ),
        InPlace::call(
            "tryhard + `tokio::time::timeout`",
            Role::Peer("tryhard"),
            || timed(retry::tryhard::<B>(argument())),
        ),
        InPlace::call(
            "retry-policies, a loop by hand + `tokio::time::timeout`",
            Role::Peer("retry-policies"),
            || timed(retry::retry_policies::<B>(argument())),
        ),
    ]
}

fn layers<B: Body>() -> Vec<Case> {
    vec![
        InPlace::held("seatbelt: timeout, retry", Role::Peer("seatbelt"), || {
            let service = seatbelt::timed::<B>();
            async move || service.execute(argument()).await
        }),
        InPlace::held("tower: timeout, retry", Role::Peer("tower"), || {
            let mut service = tower::timed::<B>();
            async move || service.ready().await?.call(argument()).await
        }),
        InPlace::held(
            "tower-resilience: time limiter, retry",
            Role::Peer("tower-resilience"),
            || {
                let mut service = resilience::timed::<B>();
                async move || service.ready().await?.call(argument()).await
            },
        ),
    ]
}
