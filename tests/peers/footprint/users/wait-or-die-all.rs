use std::io;

use wait_or_die::{circuit_breaker, wait_or_die};

use crate::support::Client;

// one function
#[circuit_breaker(name = "store_N", failure_threshold = 5, recovery_timeout = "60s")]
#[wait_or_die(timeout = "30s", max_retries = 3, initial_wait = "100ms", max_wait = "10s")]
pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    BODY
}
