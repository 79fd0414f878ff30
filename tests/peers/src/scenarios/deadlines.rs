//! Retry under a deadline for all attempts.

use ::tower::{Service as _, ServiceExt as _};
use layered::Service as _;

use crate::body::{Body, argument};
use crate::harness::{Case, Peer, Role, Seat};
use crate::peers::stacked::timed;
use crate::peers::{resilience, retry, seatbelt, tower};
use crate::{hand, ours};

pub(super) fn cases<B: Body, S: Seat>() -> Vec<Case> {
    let mut cases = own::<B, S>();
    cases.extend(functions::<B, S>());
    cases.extend(layers::<B, S>());
    cases
}

fn own<B: Body, S: Seat>() -> Vec<Case> {
    vec![
        S::call("bare", Role::Bare, || B::attempt(argument())),
        S::call(
            "by hand: fused",
            Role::Hand,
            || hand::fused::<B>(argument()),
        ),
        S::call("by hand: a flat state machine", Role::Hand, || {
            hand::flat::<B>(argument())
        }),
        S::call(
            "by hand: a loop + `tokio::time::timeout`",
            Role::Hand,
            || hand::timed::<B>(argument()),
        ),
        S::call("ours", Role::Ours, || ours::deadline::<B>(argument())),
        S::call("ours, `budget = none`", Role::OursToo, || {
            ours::deadline_without_budget::<B>(argument())
        }),
        S::call("ours, `attempt_timeout` in addition", Role::OursToo, || {
            ours::attempt_deadline::<B>(argument())
        }),
        S::call(
            "`tokio::time::timeout` alone",
            Role::Beside("tokio"),
            || timed(B::attempt(argument())),
        ),
    ]
}

fn functions<B: Body, S: Seat>() -> Vec<Case> {
    vec![
        S::call(
            "backon + `tokio::time::timeout`",
            Role::Peer(Peer::Backon),
            || timed(retry::backon::<B>(argument())),
        ),
        S::call(
            "tokio-retry + `tokio::time::timeout`",
            Role::Peer(Peer::TokioRetry),
            || timed(retry::tokio_retry::<B>(argument())),
        ),
        S::call(
            "tokio-retry2 + `tokio::time::timeout`",
            Role::Peer(Peer::TokioRetry2),
            || timed(retry::tokio_retry2::<B>(argument())),
        ),
        S::call(
            "backoff + `tokio::time::timeout`",
            Role::Peer(Peer::Backoff),
            || timed(retry::backoff::<B>(argument())),
        ),
        S::call(
            "tryhard + `tokio::time::timeout`",
            Role::Peer(Peer::Tryhard),
            || timed(retry::tryhard::<B>(argument())),
        ),
        S::call(
            "retry-policies, a loop by hand + `tokio::time::timeout`",
            Role::Peer(Peer::RetryPolicies),
            || timed(retry::retry_policies::<B>(argument())),
        ),
    ]
}

fn layers<B: Body, S: Seat>() -> Vec<Case> {
    vec![
        S::held(
            "seatbelt: timeout, retry",
            Role::Peer(Peer::Seatbelt),
            || {
                let service = seatbelt::timed::<B>();
                async move || service.execute(argument()).await
            },
        ),
        S::held("tower: timeout, retry", Role::Peer(Peer::Tower), || {
            let mut service = tower::timed::<B>();
            async move || service.ready().await?.call(argument()).await
        }),
        S::held(
            "tower-resilience: time limiter, retry",
            Role::Peer(Peer::TowerResilience),
            || {
                let mut service = resilience::timed::<B>();
                async move || service.ready().await?.call(argument()).await
            },
        ),
    ]
}
