//! seatbelt, with the clock of the runtime that it is made in.

use std::time::Duration;

use layered::{Execute, Service, Stack as _};
use seatbelt::breaker::Breaker;
use seatbelt::retry::{Backoff, Retry};
use seatbelt::timeout::Timeout;
use seatbelt::{RecoveryInfo, ResilienceContext};
use tick::Clock;

use super::breaker::HOUR;
use crate::body::{Body, Failure, Outcome};

type Context = ResilienceContext<u32, Outcome>;

fn context() -> Context {
    ResilienceContext::new(Clock::new_tokio())
}

fn recovery(out: &Outcome) -> RecoveryInfo {
    match out {
        Err(error) if error.is_transient() => RecoveryInfo::retry(),
        _ => RecoveryInfo::never(),
    }
}

pub(crate) fn retry<B: Body>() -> impl Service<u32, Out = Outcome> + Clone {
    let context = context();
    let retry = Retry::layer("retry", &context)
        .clone_input()
        .recovery_with(|out, _| recovery(out));
    (retry, Execute::new(B::attempt)).into_service()
}

pub(crate) fn fixed<B: Body>(wait: Duration) -> impl Service<u32, Out = Outcome> + Clone {
    let context = context();
    let retry = Retry::layer("retry", &context)
        .clone_input()
        .recovery_with(|out, _| recovery(out))
        .backoff(Backoff::Constant)
        .base_delay(wait)
        .use_jitter(false);
    (retry, Execute::new(B::attempt)).into_service()
}

/// A deadline over all attempts.
pub(crate) fn timed<B: Body>() -> impl Service<u32, Out = Outcome> + Clone {
    let context = context();
    let retry = Retry::layer("retry", &context)
        .clone_input()
        .recovery_with(|out, _| recovery(out));
    let timeout = Timeout::layer("timeout", &context)
        .timeout(Duration::from_secs(30))
        .timeout_output(|_| Err(Failure::Late));
    (timeout, retry, Execute::new(B::attempt)).into_service()
}

/// Opens when a tenth of the calls of `window` fail, and no sooner than after 100.
pub(crate) fn breaker<B: Body>(window: Duration) -> impl Service<u32, Out = Outcome> + Clone {
    let context = context();
    let breaker = Breaker::layer("breaker", &context)
        .recovery_with(|out, _| recovery(out))
        .rejected_input(|_, _| Err(Failure::Refused))
        .sampling_duration(window)
        .break_duration(HOUR);
    (breaker, Execute::new(B::attempt)).into_service()
}

/// A deadline over retries over a breaker.
pub(crate) fn stack<B: Body>() -> impl Service<u32, Out = Outcome> + Clone {
    let context = context();
    let retry = Retry::layer("retry", &context)
        .clone_input()
        .recovery_with(|out, _| recovery(out));
    let breaker = Breaker::layer("breaker", &context)
        .recovery_with(|out, _| recovery(out))
        .rejected_input(|_, _| Err(Failure::Refused))
        .break_duration(HOUR);
    let timeout = Timeout::layer("timeout", &context)
        .timeout(Duration::from_secs(30))
        .timeout_output(|_| Err(Failure::Late));
    (timeout, retry, breaker, Execute::new(B::attempt)).into_service()
}
