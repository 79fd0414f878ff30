//! Functions that retry, with the same wait before each attempt.

use std::time::Duration;

use backoff::backoff::Constant;
use backon::{ConstantBuilder, Retryable as _};
use retry_policies::Jitter;
use tokio_retry::strategy as first;
use tokio_retry2::strategy as second;

use super::retry::{backoff_attempt, by_policy, second_attempt};
use crate::body::{Body, Failure, Outcome};

pub(crate) async fn backon<B: Body>(wait: Duration, argument: u32) -> Outcome {
    (|| B::attempt(argument))
        .retry(ConstantBuilder::default().with_delay(wait))
        .when(Failure::is_transient)
        .await
}

pub(crate) async fn tokio_retry<B: Body>(wait: Duration, argument: u32) -> Outcome {
    let waits = first::FixedInterval::new(wait).take(3);
    tokio_retry::RetryIf::start(waits, || B::attempt(argument), Failure::is_transient).await
}

pub(crate) async fn tokio_retry2<B: Body>(wait: Duration, argument: u32) -> Outcome {
    let waits = second::FixedInterval::new(wait).take(3);
    tokio_retry2::Retry::spawn(waits, || second_attempt::<B>(argument)).await
}

pub(crate) async fn backoff<B: Body>(wait: Duration, argument: u32) -> Outcome {
    backoff::future::retry(Constant::new(wait), || backoff_attempt::<B>(argument)).await
}

pub(crate) async fn tryhard<B: Body>(wait: Duration, argument: u32) -> Outcome {
    tryhard::retry_fn(|| B::attempt(argument))
        .retries(3)
        .fixed_backoff(wait)
        .await
}

pub(crate) async fn retry_policies<B: Body>(wait: Duration, argument: u32) -> Outcome {
    let policy = retry_policies::policies::ExponentialBackoff::builder()
        .retry_bounds(wait, wait)
        .jitter(Jitter::None)
        .build_with_max_retries(3);
    by_policy::<B>(policy, argument).await
}
