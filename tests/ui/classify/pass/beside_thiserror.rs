//! `#[source]` and `#[from]` are read where another derive has them.
#![deny(warnings)]

use std::io;
use wait_or_die::{Classify, Verdict};

#[derive(Debug, thiserror::Error, Classify)]
enum PushError {
    #[error("while pushing page {page}")]
    #[classify(source)]
    Io {
        page: u32,
        #[source]
        cause: io::Error,
    },
    #[error(transparent)]
    #[classify(source)]
    WaitOrDie(#[from] wait_or_die::Error),
    #[error("page {page} was refused")]
    #[classify(source)]
    Refused { page: u32, source: io::Error },
}

fn main() {
    let lost = io::Error::from(io::ErrorKind::BrokenPipe);
    assert_eq!(PushError::Io { page: 1, cause: lost }.classify(), Verdict::Transient);
    let denied = io::Error::from(io::ErrorKind::PermissionDenied);
    assert_eq!(PushError::Refused { page: 1, source: denied }.classify(), Verdict::Permanent);
}
