//! Retry, breaker and deadline from libraries that have one of them each.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use failsafe::futures::CircuitBreaker as _;
use recloser::AsyncRecloser;
use tokio::time::timeout;
use tokio_retry::RetryIf;
use tokio_retry::strategy::{ExponentialBackoff, jitter};

use super::breaker::Failsafe;
use crate::body::{Body, Failure, Outcome};

const TOTAL: Duration = Duration::from_secs(30);

/// A future under tokio's own deadline.
pub(crate) async fn timed(call: impl Future<Output = Outcome>) -> Outcome {
    let Ok(out) = timeout(TOTAL, call).await else {
        return Err(Failure::Late);
    };
    out
}

pub(crate) async fn backon_failsafe<B: Body>(breaker: &Failsafe, argument: u32) -> Outcome {
    let retried = (|| breaker.call(B::attempt(argument)))
        .retry(ExponentialBuilder::default().with_jitter())
        .when(|error| matches!(error, failsafe::Error::Inner(error) if error.is_transient()));
    match timeout(TOTAL, retried).await {
        Ok(out) => out.map_err(|error| match error {
            failsafe::Error::Inner(error) => error,
            failsafe::Error::Rejected => Failure::Refused,
        }),
        Err(_) => Err(Failure::Late),
    }
}

pub(crate) async fn tokio_retry_recloser<B: Body>(
    breaker: &AsyncRecloser,
    argument: u32,
) -> Outcome {
    let waits = ExponentialBackoff::from_millis(10).map(jitter).take(3);
    let retried = RetryIf::start(
        waits,
        || breaker.call(B::attempt(argument)),
        |error: &recloser::Error<Failure>| matches!(error, recloser::Error::Inner(error) if error.is_transient()),
    );
    match timeout(TOTAL, retried).await {
        Ok(out) => out.map_err(|error| match error {
            recloser::Error::Inner(error) => error,
            recloser::Error::Rejected => Failure::Refused,
        }),
        Err(_) => Err(Failure::Late),
    }
}
