use std::io;
use std::sync::LazyLock;

use recloser::{AsyncRecloser, Error, Recloser};

use crate::support::{Client, RECOVERY, refused, transient};

// It knows rates only.
fn breaker() -> AsyncRecloser {
    let breaker = Recloser::custom().error_rate(0.5).closed_len(10).open_wait(RECOVERY).build();
    AsyncRecloser::from(breaker)
}

fn told(error: Error<io::Error>) -> io::Error {
    match error {
        Error::Inner(error) => error,
        Error::Rejected => refused(),
    }
}

// one function
static BREAKER_N: LazyLock<AsyncRecloser> = LazyLock::new(breaker);

pub async fn push_page_N(client: &Client, id: u64, page: &str) -> io::Result<u64> {
    let attempt = async {
        BODY
    };
    BREAKER_N.call_with(transient, attempt).await.map_err(told)
}
