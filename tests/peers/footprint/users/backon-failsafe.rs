use std::io;
use std::sync::LazyLock;

use backon::{ExponentialBuilder, Retryable};
use failsafe::backoff::{Constant, constant};
use failsafe::failure_policy::{ConsecutiveFailures, consecutive_failures};
use failsafe::futures::CircuitBreaker;
use failsafe::{Config, Error, StateMachine};

use crate::support::{
    Client, DEADLINE, FAILURES, FIRST_WAIT, LONGEST_WAIT, RECOVERY, RETRIES, refused, transient,
};

type Breaker = StateMachine<ConsecutiveFailures<Constant>, ()>;

fn breaker() -> Breaker {
    let policy = consecutive_failures(FAILURES, constant(RECOVERY));
    Config::new().failure_policy(policy).build()
}

fn policy() -> ExponentialBuilder {
    ExponentialBuilder::new()
        .with_min_delay(FIRST_WAIT)
        .with_max_delay(LONGEST_WAIT)
        .with_max_times(RETRIES as usize)
        .with_jitter()
}

// A refusal is the end of it.
fn again(error: &Error<io::Error>) -> bool {
    matches!(error, Error::Inner(error) if transient(error))
}

fn told(error: Error<io::Error>) -> io::Error {
    match error {
        Error::Inner(error) => error,
        Error::Rejected => refused(),
    }
}

// one function
static BREAKER_N: LazyLock<Breaker> = LazyLock::new(breaker);

pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    let attempts = (|| {
        BREAKER_N.call_with(transient, async {
            BODY
        })
    })
    .retry(policy())
    .sleep(tokio::time::sleep)
    .when(again);
    match tokio::time::timeout(DEADLINE, attempts).await {
        Ok(outcome) => outcome.map_err(told),
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}
