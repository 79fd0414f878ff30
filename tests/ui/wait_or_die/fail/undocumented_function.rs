//! A lint about the function is told at its signature.
#![deny(missing_docs)]

use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s")]
pub async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
