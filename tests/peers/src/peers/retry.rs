//! Functions that retry, with exponential back-off and jitter.

use std::time::Duration;

use backoff::ExponentialBackoff;
use backon::{ExponentialBuilder, Retryable as _};
use retry_policies::{RetryDecision, RetryPolicy};
use tokio_retry::strategy as first;
use tokio_retry2::{RetryError, strategy as second};

use crate::body::{Body, Failure, Outcome};
use crate::clock::wall;

pub(crate) async fn backon<B: Body>(argument: u32) -> Outcome {
    (|| B::attempt(argument))
        .retry(ExponentialBuilder::default().with_jitter())
        .when(Failure::is_transient)
        .await
}

pub(crate) async fn tokio_retry<B: Body>(argument: u32) -> Outcome {
    let waits = first::ExponentialBackoff::from_millis(10)
        .map(first::jitter)
        .take(3);
    tokio_retry::RetryIf::start(waits, || B::attempt(argument), Failure::is_transient).await
}

pub(crate) async fn tokio_retry2<B: Body>(argument: u32) -> Outcome {
    let waits = second::ExponentialBackoff::from_millis(10)
        .factor(1)
        .max_delay_millis(100)
        .map(second::jitter)
        .take(3);
    tokio_retry2::Retry::spawn(waits, || second_attempt::<B>(argument)).await
}

/// An attempt that says whether it is worth another.
pub(super) async fn second_attempt<B: Body>(argument: u32) -> Result<u32, RetryError<Failure>> {
    B::attempt(argument).await.map_err(|error| {
        if error.is_transient() {
            RetryError::transient(error)
        } else {
            RetryError::permanent(error)
        }
    })
}

pub(crate) async fn backoff<B: Body>(argument: u32) -> Outcome {
    backoff::future::retry(ExponentialBackoff::default(), || {
        backoff_attempt::<B>(argument)
    })
    .await
}

pub(super) async fn backoff_attempt<B: Body>(
    argument: u32,
) -> Result<u32, backoff::Error<Failure>> {
    B::attempt(argument).await.map_err(|error| {
        if error.is_transient() {
            backoff::Error::transient(error)
        } else {
            backoff::Error::permanent(error)
        }
    })
}

pub(crate) async fn tryhard<B: Body>(argument: u32) -> Outcome {
    tryhard::retry_fn(|| B::attempt(argument))
        .retries(10)
        .exponential_backoff(Duration::from_millis(10))
        .max_delay(Duration::from_secs(1))
        .await
}

/// With the loop that it wants written by hand.
pub(crate) async fn retry_policies<B: Body>(argument: u32) -> Outcome {
    let policy = retry_policies::policies::ExponentialBackoff::builder().build_with_max_retries(3);
    by_policy::<B>(policy, argument).await
}

pub(super) async fn by_policy<B: Body>(policy: impl RetryPolicy, argument: u32) -> Outcome {
    let begun = wall();
    let mut retries = 0;
    loop {
        let error = match B::attempt(argument).await {
            Err(error) if error.is_transient() => error,
            out => return out,
        };
        let RetryDecision::Retry { execute_after } = policy.should_retry(begun, retries) else {
            return Err(error);
        };
        // Also where nothing is left to wait, which tokio's timer makes a millisecond of: the crate says when, and leaves the
        // rest to its caller; those that it was written for (reqwest-retry) sleep here without asking.
        let wait = execute_after.duration_since(wall()).unwrap_or_default();
        tokio::time::sleep(wait).await;
        retries += 1;
    }
}
