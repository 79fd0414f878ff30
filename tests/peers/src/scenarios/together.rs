//! Breaker, retry and a deadline.

use layered::Service as _;
use tower::{Service as _, ServiceExt as _};

use super::breakers::leak;
use crate::body::{Body, argument};
use crate::hand::{self, Hand};
use crate::harness::{Case, Peer, Role, Seat};
use crate::ours;
use crate::peers::{breaker, resilience, seatbelt, stacked};

pub(super) fn cases<B: Body, S: Seat>() -> Vec<Case> {
    let mut cases = own::<B, S>();
    cases.extend(peers::<B, S>());
    cases
}

fn own<B: Body, S: Seat>() -> Vec<Case> {
    let breaker = leak(Hand::default());
    vec![
        S::call("bare", Role::Bare, || B::attempt(argument())),
        S::call("by hand: fused", Role::Hand, || {
            hand::guarded::<B>(breaker, argument())
        }),
        S::call(
            "by hand: composed, with `tokio::time::timeout`",
            Role::Hand,
            || hand::composed::<B>(breaker, argument()),
        ),
        S::call("ours", Role::Ours, || ours::both::<B>(argument())),
        S::call("ours, `budget = none`", Role::OursToo, || {
            ours::both_without_budget::<B>(argument())
        }),
        S::call("ours, `window = \"10s\"`", Role::OursToo, || {
            ours::both_with_window::<B>(argument())
        }),
    ]
}

fn peers<B: Body, S: Seat>() -> Vec<Case> {
    let failsafe = leak(breaker::failsafe());
    let recloser = leak(recloser::AsyncRecloser::from(breaker::recloser()));
    vec![
        S::call(
            "backon + failsafe + `tokio::time::timeout`",
            Role::Peer(Peer::Backon),
            || stacked::backon_failsafe::<B>(failsafe, argument()),
        ),
        S::call(
            "tokio-retry + recloser + `tokio::time::timeout`",
            Role::Peer(Peer::TokioRetry),
            || stacked::tokio_retry_recloser::<B>(recloser, argument()),
        ),
        S::held(
            "seatbelt: timeout, retry, breaker",
            Role::Peer(Peer::Seatbelt),
            || {
                let service = seatbelt::stack::<B>();
                async move || service.execute(argument()).await
            },
        ),
        S::held(
            "tower-resilience: time limiter, retry, breaker",
            Role::Peer(Peer::TowerResilience),
            || {
                let mut service = resilience::stack::<B>();
                async move || service.ready().await?.call(argument()).await
            },
        ),
    ]
}
