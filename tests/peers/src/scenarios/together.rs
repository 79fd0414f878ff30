//! Breaker, retry and a deadline.

use layered::Service as _;
use tower::{Service as _, ServiceExt as _};

use super::breakers::leak;
use crate::body::{Body, argument};
use crate::hand::{self, Hand};
use crate::harness::{Case, InPlace, Role, Seat as _};
use crate::ours;
use crate::peers::{breaker, resilience, seatbelt, stacked};

pub(super) fn cases<B: Body>() -> Vec<Case> {
    let mut cases = own::<B>();
    cases.extend(peers::<B>());
    cases
}

fn own<B: Body>() -> Vec<Case> {
    let breaker = leak(Hand::default());
    vec![
        InPlace::call("bare", Role::Bare, || B::attempt(argument())),
        InPlace::call("by hand: fused", Role::Hand, || {
            hand::guarded::<B>(breaker, argument())
        }),
        InPlace::call(
            "by hand: composed, with `tokio::time::timeout`",
            Role::Hand,
            || hand::composed::<B>(breaker, argument()),
        ),
        InPlace::call("ours", Role::Ours, || ours::both::<B>(argument())),
        InPlace::call("ours, `budget = none`", Role::OursToo, || {
            ours::both_without_budget::<B>(argument())
        }),
        InPlace::call("ours, `window = \"10s\"`", Role::OursToo, || {
            ours::both_with_window::<B>(argument())
        }),
    ]
}

fn peers<B: Body>() -> Vec<Case> {
    let failsafe = leak(breaker::failsafe());
    let recloser = leak(recloser::AsyncRecloser::from(breaker::recloser()));
    vec![
        InPlace::call(
            "backon + failsafe + `tokio::time::timeout`",
            Role::Peer("backon"),
            || stacked::backon_failsafe::<B>(failsafe, argument()),
        ),
        InPlace::call(
            "tokio-retry + recloser + `tokio::time::timeout`",
            Role::Peer("tokio-retry"),
            || stacked::tokio_retry_recloser::<B>(recloser, argument()),
        ),
        InPlace::held(
            "seatbelt: timeout, retry, breaker",
            Role::Peer("seatbelt"),
            || {
                let service = seatbelt::stack::<B>();
                async move || service.execute(argument()).await
            },
        ),
        InPlace::held(
            "tower-resilience: time limiter, retry, breaker",
            Role::Peer("tower-resilience"),
            || {
                let mut service = resilience::stack::<B>();
                async move || service.ready().await?.call(argument()).await
            },
        ),
    ]
}
