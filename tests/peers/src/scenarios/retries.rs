//! Retry alone.

use ::tower::{Service as _, ServiceExt as _};
use layered::Service as _;

use crate::body::{Body, argument};
use crate::harness::{Case, Peer, Role, Seat};
use crate::peers::{resilience, retry, seatbelt, tower};
use crate::{hand, ours};

pub(super) fn cases<B: Body, S: Seat>() -> Vec<Case> {
    let mut cases = vec![
        S::call("bare", Role::Bare, || B::attempt(argument())),
        S::call("by hand: a loop", Role::Hand, || {
            hand::retry::<B>(argument())
        }),
        S::call("ours", Role::Ours, || ours::retry::<B>(argument())),
        S::call("ours, `budget = none`", Role::OursToo, || {
            ours::retry_without_budget::<B>(argument())
        }),
    ];
    cases.extend(functions::<B, S>());
    cases.extend(layers::<B, S>());
    cases
}

fn functions<B: Body, S: Seat>() -> Vec<Case> {
    vec![
        S::call("backon", Role::Peer(Peer::Backon), || {
            retry::backon::<B>(argument())
        }),
        S::call("tokio-retry", Role::Peer(Peer::TokioRetry), || {
            retry::tokio_retry::<B>(argument())
        }),
        S::call("tokio-retry2", Role::Peer(Peer::TokioRetry2), || {
            retry::tokio_retry2::<B>(argument())
        }),
        S::call("backoff", Role::Peer(Peer::Backoff), || {
            retry::backoff::<B>(argument())
        }),
        S::call("tryhard", Role::Peer(Peer::Tryhard), || {
            retry::tryhard::<B>(argument())
        }),
        S::call(
            "retry-policies, a loop by hand",
            Role::Peer(Peer::RetryPolicies),
            || retry::retry_policies::<B>(argument()),
        ),
    ]
}

fn layers<B: Body, S: Seat>() -> Vec<Case> {
    vec![
        S::held("seatbelt", Role::Peer(Peer::Seatbelt), || {
            let service = seatbelt::retry::<B>();
            async move || service.execute(argument()).await
        }),
        S::held("tower", Role::Peer(Peer::Tower), || {
            let mut service = tower::retry::<B, _>(tower::exponential());
            async move || service.ready().await?.call(argument()).await
        }),
        S::held(
            "tower-resilience",
            Role::Peer(Peer::TowerResilience),
            || {
                let mut service = resilience::retry::<B>();
                async move || service.ready().await?.call(argument()).await
            },
        ),
    ]
}
