use std::io;

use tower::{Service, ServiceBuilder, ServiceExt};
use tower_resilience::circuitbreaker::{CircuitBreakerError, CircuitBreakerLayer};
use tower_resilience::retry::{ExponentialRandomBackoff, RetryLayer};
use tower_resilience::timelimiter::{TimeLimiterError, TimeLimiterLayer};

use crate::support::{
    Client, DEADLINE, FAILURES, FIRST_WAIT, LONGEST_WAIT, RECOVERY, RETRIES, refused, transient,
};

pub type Request = (Client, u64, String);
pub type Guarded = CircuitBreakerError<io::Error>;
pub type Failure = TimeLimiterError<Guarded>;

fn again(error: &Guarded) -> bool {
    matches!(error, CircuitBreakerError::Inner(error) if transient(error))
}

fn told(error: Failure) -> io::Error {
    match error {
        TimeLimiterError::Inner(CircuitBreakerError::Inner(error)) => error,
        TimeLimiterError::Inner(_) => refused(),
        _ => io::ErrorKind::TimedOut.into(),
    }
}

fn failed(outcome: &io::Result<u64>) -> bool {
    outcome.as_ref().is_err_and(transient)
}

// Its argument is a constant that it finds nothing wrong with.
fn waits() -> ExponentialRandomBackoff {
    let waits = ExponentialRandomBackoff::new(FIRST_WAIT, 0.5).expect("a factor in order");
    waits.max_interval(LONGEST_WAIT)
}

// one function
pub fn service_N()
-> impl Service<Request, Response = u64, Error = Failure, Future: Send> + Clone + Send {
    let deadline = TimeLimiterLayer::builder()
        .timeout_duration(DEADLINE)
        .cancel_running_future(true)
        .build();
    let retry = RetryLayer::<Request, u64, Guarded>::builder()
        .max_attempts(RETRIES as usize + 1)
        .backoff(waits())
        .retry_on(again)
        .build();
    let breaker = CircuitBreakerLayer::builder()
        .consecutive_failures(FAILURES as usize)
        .failure_classifier(failed)
        .wait_duration_in_open(RECOVERY)
        .build()
        .expect("settings in order");
    ServiceBuilder::new()
        .layer(deadline)
        .layer(retry)
        .layer(breaker)
        .service_fn(|(client, id, page): Request| async move {
            BODY
        })
}

pub async fn push_page_N(
    service: &mut impl Service<Request, Response = u64, Error = Failure>,
    client: &Client,
    id: u64,
    page: &str,
) -> io::Result<u64> {
    let service = service.ready().await.map_err(told)?;
    service.call((client.clone(), id, page.to_owned())).await.map_err(told)
}
