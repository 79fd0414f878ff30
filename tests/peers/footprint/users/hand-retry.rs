use std::io;
use std::time::Duration;

use crate::support::{Client, DEADLINE, FIRST_WAIT, LONGEST_WAIT, RETRIES, timed_out, transient};

fn jittered(wait: Duration) -> Duration {
    wait.mul_f64(fastrand::f64())
}

// one function
pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    let attempts = async {
        let mut wait = FIRST_WAIT;
        let mut retries = 0;
        loop {
            let outcome: io::Result<u64> = async {
                BODY
            }
            .await;
            match outcome {
                Err(error) if retries < RETRIES && transient(&error) => {
                    tokio::time::sleep(jittered(wait)).await;
                    wait = LONGEST_WAIT.min(wait * 2);
                    retries += 1;
                }
                outcome => break outcome,
            }
        }
    };
    tokio::time::timeout(DEADLINE, attempts).await.unwrap_or_else(timed_out)
}
