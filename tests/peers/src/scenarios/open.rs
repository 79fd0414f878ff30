//! Breakers alone, open.

use failsafe::CircuitBreaker as _;
use layered::Service as _;
use tower::{Service as _, ServiceExt as _};
use wait_or_die::{Breaker, BreakerPolicy};

use super::breakers::{
    SAMPLED, by_permit, core, in_background, leak, permitted, run_in_background,
};
use crate::body::{Fails, Outcome, Plain, Ready, argument};
use crate::clock::nanos;
use crate::hand::Hand;
use crate::harness::{Case, InPlace, Peer, Role, Seat as _};
use crate::ours;
use crate::peers::breaker::{self, HOUR};
use crate::peers::{resilience, seatbelt};

/// More than enough failures to open any of them.
const FAILURES: usize = 300;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = by_hand();
    cases.extend(attributes());
    cases.extend(without_attributes());
    cases.extend(functions());
    cases.extend(layers());
    cases
}

fn by_hand() -> Vec<Case> {
    let hand = leak(Hand::default());
    for _ in 0..FAILURES {
        let _ = hand.call(|| nanos() + hours(), || Fails::call(argument()));
    }
    vec![
        InPlace::plain("bare, not rejected", Role::Bare, || {
            Ready::<6>::call(argument())
        })
        .expecting(1.0, 1.0),
        InPlace::plain("by hand", Role::Hand, || {
            by_permit(hand.call(nanos, || Fails::call(argument())))
        }),
    ]
}

/// A breaker by hand is open for a minute; a measurement may take longer.
fn hours() -> u64 {
    u64::try_from(HOUR.as_nanos() * 24).unwrap_or(u64::MAX)
}

fn attributes() -> Vec<Case> {
    for _ in 0..FAILURES {
        let _ = ours::open::in_a_row::<Fails>(argument());
        let _ = ours::open::of_time::<Fails>(argument());
        let _ = run_in_background(ours::open::of_async::<Fails>(argument()));
    }
    vec![
        InPlace::plain("ours", Role::Ours, || {
            ours::open::in_a_row::<Fails>(argument())
        }),
        InPlace::call("ours, an `async fn`", Role::OursToo, || {
            ours::open::of_async::<Fails>(argument())
        }),
        InPlace::plain("ours, `window = \"10s\"`", Role::OursToo, || {
            ours::open::of_time::<Fails>(argument())
        }),
    ]
}

fn without_attributes() -> Vec<Case> {
    let policy = BreakerPolicy::new().with_recovery_timeout(HOUR);
    let whole = leak(Breaker::new("whole, open", policy).expect("settings that hold"));
    let core = core(policy);
    for _ in 0..FAILURES {
        let _ = whole.call_blocking(|| Fails::call(argument()));
        let _ = permitted(core, nanos, || Fails::call(argument()));
    }
    vec![
        InPlace::plain("ours, `Breaker::call_blocking`", Role::OursToo, || {
            whole.call_blocking(|| Fails::call(argument()))
        }),
        InPlace::plain(
            "ours, `Core`, which tells no more than the time",
            Role::OursToo,
            || permitted(core, nanos, || Fails::call(argument())),
        ),
    ]
}

fn functions() -> Vec<Case> {
    let failsafe = leak(breaker::failsafe());
    let recloser = leak(breaker::recloser());
    for _ in 0..FAILURES {
        let _ = failsafe.call(|| Fails::call(argument()));
        let _ = recloser.call(|| Fails::call(argument()));
    }
    vec![
        InPlace::plain("failsafe", Role::Peer(Peer::Failsafe), || {
            failsafe.call(|| Fails::call(argument()))
        }),
        InPlace::plain("recloser", Role::Peer(Peer::Recloser), || {
            recloser.call(|| Fails::call(argument()))
        }),
    ]
}

fn layers() -> Vec<Case> {
    let seatbelt = leak(in_background(|| seatbelt::breaker::<Fails>(SAMPLED)));
    let resilience = resilience::breaker::<Fails>();
    let mut service = resilience.clone();
    run_in_background(async {
        for _ in 0..FAILURES {
            let _: Outcome = seatbelt.execute(argument()).await;
            let Ok(service) = service.ready().await else {
                continue;
            };
            let _ = service.call(argument()).await;
        }
    });
    vec![
        InPlace::call("seatbelt", Role::Peer(Peer::Seatbelt), || {
            seatbelt.execute(argument())
        }),
        InPlace::held(
            "tower-resilience",
            Role::Peer(Peer::TowerResilience),
            move || {
                let mut service = resilience.clone();
                async move || service.ready().await?.call(argument()).await
            },
        ),
    ]
}
