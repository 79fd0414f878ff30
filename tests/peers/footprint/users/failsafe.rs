use std::io;
use std::sync::LazyLock;

use failsafe::backoff::{Constant, constant};
use failsafe::failure_policy::{ConsecutiveFailures, consecutive_failures};
use failsafe::futures::CircuitBreaker;
use failsafe::{Config, Error, StateMachine};

use crate::support::{Client, FAILURES, RECOVERY, refused, transient};

type Breaker = StateMachine<ConsecutiveFailures<Constant>, ()>;

fn breaker() -> Breaker {
    let policy = consecutive_failures(FAILURES, constant(RECOVERY));
    Config::new().failure_policy(policy).build()
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
    let attempt = async {
        BODY
    };
    BREAKER_N.call_with(transient, attempt).await.map_err(told)
}
