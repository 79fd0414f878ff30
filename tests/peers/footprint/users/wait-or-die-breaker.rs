use std::io;

use wait_or_die::circuit_breaker;

use crate::support::Client;

// one function
#[circuit_breaker(name = "store_N", failure_threshold = 5, recovery_timeout = "60s")]
pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    BODY
}
