//! tower-resilience.

use std::time::Duration;

use tower::{Layer as _, Service, service_fn};
use tower_resilience::circuitbreaker::{
    CircuitBreakerError, CircuitBreakerLayer, SlidingWindowType,
};
use tower_resilience::retry::RetryLayer;
use tower_resilience::timelimiter::TimeLimiterLayer;

use super::breaker::HOUR;
use crate::body::{Body, Failure};

pub(crate) fn retry<B: Body>()
-> impl Service<u32, Response = u32, Error = Failure, Future: Send> + Clone + Send {
    RetryLayer::<u32, u32, Failure>::builder()
        .max_attempts(4)
        .exponential_backoff(Duration::from_millis(100))
        .retry_on(Failure::is_transient)
        .build()
        .layer(service_fn(B::attempt))
}

pub(crate) fn fixed<B: Body>(
    wait: Duration,
) -> impl Service<u32, Response = u32, Error = Failure, Future: Send> + Clone + Send {
    RetryLayer::<u32, u32, Failure>::builder()
        .max_attempts(4)
        .fixed_backoff(wait)
        .retry_on(Failure::is_transient)
        .build()
        .layer(service_fn(B::attempt))
}

/// A deadline over all attempts.
pub(crate) fn timed<B: Body>() -> impl Service<
    u32,
    Response = u32,
    Error = tower_resilience::timelimiter::TimeLimiterError<Failure>,
    Future: Send,
> + Clone
+ Send {
    TimeLimiterLayer::builder()
        .timeout_duration(Duration::from_secs(30))
        .build()
        .layer(retry::<B>())
}

/// Opens after five failures in a row.
pub(crate) fn breaker<B: Body>()
-> impl Service<u32, Response = u32, Error = CircuitBreakerError<Failure>, Future: Send>
+ Clone
+ Send
+ Sync
+ use<B> {
    CircuitBreakerLayer::builder()
        .consecutive_failures(5)
        .wait_duration_in_open(HOUR)
        .build()
        .expect("settings that hold")
        .layer(service_fn(B::attempt))
}

/// Opens when half of the calls of ten seconds fail.
pub(crate) fn breaker_of_time<B: Body>()
-> impl Service<u32, Response = u32, Error = CircuitBreakerError<Failure>, Future: Send>
+ Clone
+ Send
+ Sync
+ use<B> {
    CircuitBreakerLayer::builder()
        .failure_rate_threshold(0.5)
        .sliding_window_type(SlidingWindowType::TimeBased)
        .sliding_window_duration(Duration::from_secs(10))
        .minimum_number_of_calls(100)
        .wait_duration_in_open(HOUR)
        .build()
        .expect("settings that hold")
        .layer(service_fn(B::attempt))
}

/// A deadline over retries over a breaker.
pub(crate) fn stack<B: Body>() -> impl Service<
    u32,
    Response = u32,
    Error = tower_resilience::timelimiter::TimeLimiterError<CircuitBreakerError<Failure>>,
    Future: Send,
> + Clone
+ Send {
    let retry = RetryLayer::<u32, u32, CircuitBreakerError<Failure>>::builder()
        .max_attempts(4)
        .exponential_backoff(Duration::from_millis(100))
        .retry_on(
            |error| matches!(error, CircuitBreakerError::Inner(error) if error.is_transient()),
        )
        .build();
    TimeLimiterLayer::builder()
        .timeout_duration(Duration::from_secs(30))
        .build()
        .layer(retry.layer(breaker::<B>()))
}
