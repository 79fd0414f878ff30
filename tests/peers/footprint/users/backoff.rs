use std::io;

use backoff::{ExponentialBackoff, ExponentialBackoffBuilder};

use crate::support::{Client, DEADLINE, FIRST_WAIT, LONGEST_WAIT, timed_out, transient};

// It knows no number of retries.
fn policy() -> ExponentialBackoff {
    ExponentialBackoffBuilder::new()
        .with_initial_interval(FIRST_WAIT)
        .with_max_interval(LONGEST_WAIT)
        .with_multiplier(2.0)
        .with_max_elapsed_time(Some(DEADLINE))
        .build()
}

fn sorted(error: io::Error) -> backoff::Error<io::Error> {
    if transient(&error) {
        backoff::Error::transient(error)
    } else {
        backoff::Error::permanent(error)
    }
}

// one function
pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    let attempts = backoff::future::retry(policy(), || async {
        let outcome: io::Result<u64> = async {
            BODY
        }
        .await;
        outcome.map_err(sorted)
    });
    tokio::time::timeout(DEADLINE, attempts).await.unwrap_or_else(timed_out)
}
