//! The smallest whole program: a call that recovers, one that gives up, one that a deadline cuts off.
//!
//! `cargo run --example quickstart`
#![allow(clippy::print_stdout)] // a program that is read by a person

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};

use wait_or_die::wait_or_die;

static CALLS: AtomicU32 = AtomicU32::new(0);

/// Refused twice, then served.
#[wait_or_die(timeout = "5s", max_retries = 5, initial_wait = "100ms", jitter = none)]
async fn recovers() -> io::Result<&'static str> {
    match CALLS.fetch_add(1, Ordering::Relaxed) {
        0 | 1 => Err(io::ErrorKind::ConnectionRefused.into()),
        _ => Ok("served"),
    }
}

/// No number of attempts would help, so there is one.
#[wait_or_die(timeout = "5s", fields(path))]
async fn gives_up(path: &str) -> io::Result<String> {
    std::fs::read_to_string(path)
}

/// Nobody answers.
#[wait_or_die(timeout = "1s", attempt_timeout = "400ms", initial_wait = "100ms", jitter = none)]
async fn is_cut_off() -> io::Result<()> {
    std::future::pending().await
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tracing_subscriber::fmt().without_time().init();
    println!("recovers:   {:?}", recovers().await);
    println!(
        "gives up:   {:?}",
        gives_up("no-such-file").await.map_err(|error| error.kind())
    );
    match is_cut_off().await {
        Ok(()) => println!("answered after all"),
        Err(error) => println!("is cut off: {error}"),
    }
}
