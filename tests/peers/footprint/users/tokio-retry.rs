use std::io;
use std::time::Duration;

use tokio_retry::RetryIf;
use tokio_retry::strategy::{ExponentialBackoff, jitter};

use crate::support::{Client, DEADLINE, LONGEST_WAIT, RETRIES, timed_out, transient};

fn waits() -> impl Iterator<Item = Duration> {
    // Powers of 2 times 50 ms.
    ExponentialBackoff::from_millis(2)
        .factor(50)
        .max_delay(LONGEST_WAIT)
        .map(jitter)
        .take(RETRIES as usize)
}

// one function
pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    let attempts = RetryIf::start(
        waits(),
        || async {
            BODY
        },
        transient,
    );
    tokio::time::timeout(DEADLINE, attempts).await.unwrap_or_else(timed_out)
}
