use std::io;

use crate::support::{Client, DEADLINE, FIRST_WAIT, LONGEST_WAIT, RETRIES, timed_out};

// It retries every error, and has no jitter.
// one function
pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    let attempts = tryhard::retry_fn(|| async {
        BODY
    })
    .retries(RETRIES)
    .exponential_backoff(FIRST_WAIT)
    .max_delay(LONGEST_WAIT);
    tokio::time::timeout(DEADLINE, attempts).await.unwrap_or_else(timed_out)
}
