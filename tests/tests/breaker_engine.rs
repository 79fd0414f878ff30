//! What a breaker hears of calls that are nested, cut off, put off, or end in a panic.

use std::io;
use std::time::Duration;

use wait_or_die::breaker::State;
use wait_or_die::{Breaker, BreakerPolicy, Error, Jitter, RetryPolicy};
use wait_or_die_tests::refused;

#[path = "breaker_engine/budgets.rs"]
mod budgets;
#[path = "breaker_engine/cut_off.rs"]
mod cut_off;
#[path = "breaker_engine/listeners.rs"]
mod listeners;
#[path = "breaker_engine/nested.rs"]
mod nested;
#[path = "breaker_engine/nested_shapes.rs"]
mod nested_shapes;
#[path = "breaker_engine/outside.rs"]
mod outside;
#[path = "breaker_engine/panics.rs"]
mod panics;
#[path = "breaker_engine/refused.rs"]
mod refused;
#[path = "breaker_engine/waiting.rs"]
mod waiting;

const SECOND: Duration = Duration::from_secs(1);

/// One second between attempts.
const RETRIES: RetryPolicy = RetryPolicy::new()
    .with_initial_wait(SECOND)
    .with_max_wait(SECOND)
    .with_jitter(Jitter::None);

/// Opens at the first failure, for a minute.
const FRAGILE: BreakerPolicy = BreakerPolicy::new()
    .with_failure_threshold(1)
    .with_recovery_timeout(Duration::from_secs(60));

/// The breaker that annotated functions of this test share.
fn found(name: &str) -> Breaker {
    Breaker::find(name).unwrap()
}

/// Failures in a row.
fn failures(name: &str) -> u32 {
    found(name).snapshot().core.consecutive_failures
}

fn state(name: &str) -> State {
    found(name).state()
}

/// What is ours in an error.
fn told(error: &io::Error) -> &Error {
    error.get_ref().unwrap().downcast_ref().unwrap()
}

/// The dependency's answer.
fn answer(fails: bool) -> io::Result<u32> {
    if fails { Err(refused()) } else { Ok(1) }
}
