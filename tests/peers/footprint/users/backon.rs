use std::io;

use backon::{ExponentialBuilder, Retryable};

use crate::support::{Client, DEADLINE, FIRST_WAIT, LONGEST_WAIT, RETRIES, timed_out, transient};

fn policy() -> ExponentialBuilder {
    ExponentialBuilder::new()
        .with_min_delay(FIRST_WAIT)
        .with_max_delay(LONGEST_WAIT)
        .with_max_times(RETRIES as usize)
        .with_jitter()
}

// one function
pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    let attempts = (|| async {
        BODY
    })
    .retry(policy())
    .sleep(tokio::time::sleep)
    .when(transient);
    tokio::time::timeout(DEADLINE, attempts).await.unwrap_or_else(timed_out)
}
