use std::io;
use std::time::SystemTime;

use retry_policies::policies::ExponentialBackoff;
use retry_policies::{RetryDecision, RetryPolicy};

use crate::support::{Client, DEADLINE, FIRST_WAIT, LONGEST_WAIT, RETRIES, timed_out, transient};

fn policy() -> ExponentialBackoff {
    ExponentialBackoff::builder()
        .retry_bounds(FIRST_WAIT, LONGEST_WAIT)
        .build_with_max_retries(RETRIES)
}

// It decides, and leaves the loop to its user.
// one function
pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    let attempts = async {
        let (policy, started) = (policy(), SystemTime::now());
        let mut retries = 0;
        loop {
            let outcome: io::Result<u64> = async {
                BODY
            }
            .await;
            let decision = match &outcome {
                Err(error) if transient(error) => policy.should_retry(started, retries),
                _ => RetryDecision::DoNotRetry,
            };
            let RetryDecision::Retry { execute_after } = decision else {
                break outcome;
            };
            let wait = execute_after.duration_since(SystemTime::now());
            tokio::time::sleep(wait.unwrap_or_default()).await;
            retries += 1;
        }
    };
    tokio::time::timeout(DEADLINE, attempts).await.unwrap_or_else(timed_out)
}
