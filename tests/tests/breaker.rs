//! `#[circuit_breaker]`, alone and with `#[wait_or_die]`.

use std::cell::Cell;
use std::io;

use wait_or_die::{Error, circuit_breaker, testing, wait_or_die};
use wait_or_die_tests::refused;

#[circuit_breaker(name = "alone", failure_threshold = 3)]
async fn alone(calls: &Cell<u32>) -> io::Result<u32> {
    calls.set(calls.get() + 1);
    Err(refused())
}

#[circuit_breaker(name = "both", failure_rate = 0.75, window = 4, minimum_calls = 4)]
#[wait_or_die(max_retries = 7, initial_wait = "1s", jitter = none)]
async fn both(calls: &Cell<u32>) -> io::Result<u32> {
    calls.set(calls.get() + 1);
    Err(refused())
}

#[wait_or_die(max_retries = 7, initial_wait = "1s", jitter = none)]
#[circuit_breaker(name = "both2", failure_rate = 0.75, window = 4, minimum_calls = 4)]
async fn other_order(calls: &Cell<u32>) -> io::Result<u32> {
    calls.set(calls.get() + 1);
    Err(refused())
}

#[circuit_breaker(name = "plain", failure_threshold = 2)]
fn plain(calls: &mut u32) -> io::Result<u32> {
    *calls += 1;
    Err(refused())
}

fn rejection(error: &io::Error) -> &Error {
    error.get_ref().unwrap().downcast_ref().unwrap()
}

#[tokio::test(start_paused = true)]
async fn it_opens() {
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    for _ in 0..7 {
        alone(&calls).await.unwrap_err();
    }
    assert_eq!(calls.get(), 3);
    let calls = Cell::new(0);
    let error = both(&calls).await.unwrap_err();
    assert_eq!((calls.get(), rejection(&error).attempts()), (4, 4));
    let calls = Cell::new(0);
    let error = other_order(&calls).await.unwrap_err();
    assert_eq!((calls.get(), rejection(&error).attempts()), (4, 4));
    let mut calls = 0;
    for _ in 0..7 {
        plain(&mut calls).unwrap_err();
    }
    assert_eq!(calls, 2);
}
