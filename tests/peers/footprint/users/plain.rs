use std::io;

use crate::support::Client;

// one function
pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    BODY
}
