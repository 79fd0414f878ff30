//! Behaviour across crates. The pages of the guide are compiled and run here, as documentation tests.

use std::io;

use tokio::time::Instant;

#[doc = include_str!("../../README.md")]
mod readme {}

#[doc = include_str!("../../docs/guide.md")]
mod guide {}

/// An error that is worth another attempt.
pub fn refused() -> io::Error {
    io::ErrorKind::ConnectionRefused.into()
}

/// The instant of tokio's clock, which the tests pause.
#[allow(clippy::disallowed_methods)] // reading it is what they are about
pub fn now() -> Instant {
    Instant::now()
}
