use std::io;
use std::time::Duration;

use tokio_retry2::strategy::{ExponentialFactorBackoff, jitter};
use tokio_retry2::{Retry, RetryError};

use crate::support::{Client, DEADLINE, LONGEST_WAIT, RETRIES, timed_out, transient};

fn waits() -> impl Iterator<Item = Duration> {
    ExponentialFactorBackoff::from_millis(100, 2.0)
        .max_delay(LONGEST_WAIT)
        .map(jitter)
        .take(RETRIES as usize)
}

fn sorted(error: io::Error) -> RetryError<io::Error> {
    if transient(&error) {
        RetryError::transient(error)
    } else {
        RetryError::permanent(error)
    }
}

// one function
pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    let attempts = Retry::spawn(waits(), || async {
        let outcome: io::Result<u64> = async {
            BODY
        }
        .await;
        outcome.map_err(sorted)
    });
    tokio::time::timeout(DEADLINE, attempts).await.unwrap_or_else(timed_out)
}
