//! The least that can be written by hand.

mod breaker;
mod flat;
mod fused;
mod retry;
#[cfg(test)]
mod tests;
mod window;

pub(crate) use breaker::Hand;
pub(crate) use flat::flat;
pub(crate) use fused::{fused, guarded};
pub(crate) use retry::{at_once, composed, fixed, retry, timed};
pub(crate) use window::Buckets;

use std::time::Duration;

pub(crate) const TOTAL: Duration = Duration::from_secs(30);
const RETRIES: u32 = 50;

/// Waits from zero to one second, two, four and so on up to a minute.
fn wait(retry: u32) -> Duration {
    let most = Duration::from_secs(1 << retry.min(6)).min(Duration::from_mins(1));
    most.mul_f64(fastrand::f64())
}
