//! Attempts that fail, and are made again without a wait.

use std::time::Duration;

use ::tower::{Service as _, ServiceExt as _};
use layered::Service as _;

use crate::body::{Body, Flaky, Fourth, argument};
use crate::harness::{Case, Driven, Peer, Role, Seat as _};
use crate::peers::{fixed, resilience, seatbelt, tower};
use crate::{hand, ours};

const NONE: Duration = Duration::ZERO;

pub(super) fn flaky() -> Vec<Case> {
    let mut cases = vec![
        Driven::call("bare", Role::Bare, || Flaky::attempt(argument())).expecting(0.99, 1.0),
        Driven::call("ours", Role::Ours, || ours::at_once::<Flaky>(argument())),
        Driven::call("ours, `budget = none`", Role::OursToo, || {
            ours::at_once_without_budget::<Flaky>(argument())
        }),
    ];
    cases.extend(others::<Flaky>());
    cases
}

/// The budget that is on by default would soon allow no more of these retries.
pub(super) fn fourth() -> Vec<Case> {
    let mut cases = vec![
        Driven::call("bare", Role::Bare, || Fourth::attempt(argument())).expecting(0.25, 1.0),
        Driven::call("ours, `budget = none`", Role::Ours, || {
            ours::at_once_without_budget::<Fourth>(argument())
        }),
    ];
    cases.extend(others::<Fourth>());
    cases
}

fn others<B: Body>() -> Vec<Case> {
    let mut cases = vec![Driven::call(
        "by hand: a loop, no timer",
        Role::Hand,
        || hand::at_once::<B>(argument()),
    )];
    cases.extend(functions::<B>());
    cases.extend(layers::<B>());
    cases
}

fn functions<B: Body>() -> Vec<Case> {
    vec![
        Driven::call("backon", Role::Peer(Peer::Backon), || {
            fixed::backon::<B>(NONE, argument())
        }),
        Driven::call("tokio-retry", Role::Peer(Peer::TokioRetry), || {
            fixed::tokio_retry::<B>(NONE, argument())
        }),
        Driven::call("tokio-retry2", Role::Peer(Peer::TokioRetry2), || {
            fixed::tokio_retry2::<B>(NONE, argument())
        }),
        Driven::call("backoff", Role::Peer(Peer::Backoff), || {
            fixed::backoff::<B>(NONE, argument())
        }),
        Driven::call("tryhard", Role::Peer(Peer::Tryhard), || {
            fixed::tryhard::<B>(NONE, argument())
        }),
        Driven::call(
            "retry-policies, a loop by hand that sleeps",
            Role::Peer(Peer::RetryPolicies),
            || fixed::retry_policies::<B>(NONE, argument()),
        ),
    ]
}

fn layers<B: Body>() -> Vec<Case> {
    vec![
        Driven::held("seatbelt", Role::Peer(Peer::Seatbelt), || {
            let service = seatbelt::fixed::<B>(NONE);
            async move || service.execute(argument()).await
        }),
        Driven::held("tower, a policy that sleeps", Role::Beside("tower"), || {
            let mut service = tower::retry::<B, _>(tower::attempts(NONE));
            async move || service.ready().await?.call(argument()).await
        }),
        Driven::held(
            "tower, a policy that is ready",
            Role::Peer(Peer::Tower),
            || {
                let mut service = tower::retry::<B, _>(tower::attempts(tower::AtOnce));
                async move || service.ready().await?.call(argument()).await
            },
        ),
        Driven::held(
            "tower-resilience",
            Role::Peer(Peer::TowerResilience),
            || {
                let mut service = resilience::fixed::<B>(NONE);
                async move || service.ready().await?.call(argument()).await
            },
        ),
    ]
}
