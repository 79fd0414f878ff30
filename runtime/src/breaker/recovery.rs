//! How long the breaker stays open, and how long a probe holds its place.

use core::time::Duration;

use super::ticks::ticks;
use crate::policy::BreakerPolicy;

/// A probe holds its place for at least this long: a short recovery time does not mean short calls.
const SHORTEST_LEASE: Duration = Duration::from_secs(10);

/// The ticks that the breaker stays open after `reopenings` reopenings in a row.
///
/// Without `max_recovery_timeout` it is `recovery_timeout`, always. With it the term doubles with each reopening, and
/// the time lies between half the term and the term ("equal" jitter), so that programs whose breakers opened together
/// do not probe together; never below `recovery_timeout`.
pub(super) fn open_for(policy: &BreakerPolicy, reopenings: u32, draw: impl FnOnce() -> f64) -> u64 {
    let first = policy.recovery_timeout();
    let Some(max) = policy.max_recovery_timeout() else {
        return ticks(first);
    };
    if reopenings == 0 {
        return ticks(first);
    }
    let term = first.saturating_mul(1 << reopenings.min(31)).min(max);
    let draw = draw();
    // Not a number draws nothing.
    let draw = if draw >= 0.0 { draw.min(1.0) } else { 0.0 };
    ticks(term.mul_f64(0.5 + draw / 2.0).clamp(first, term))
}

/// The longest time that the settings let the breaker stay open.
pub(super) fn longest(policy: &BreakerPolicy) -> u64 {
    ticks(
        policy
            .max_recovery_timeout()
            .unwrap_or(policy.recovery_timeout()),
    )
}

/// The ticks after which a probe that has not come back loses its place: `recovery_timeout`, but no less than 10 s, than
/// `slow_call` and than the call's own `bound`.
pub(super) fn lease(policy: &BreakerPolicy, bound: Duration) -> u64 {
    let slow = policy.slow_call().unwrap_or_default();
    ticks(
        policy
            .recovery_timeout()
            .max(SHORTEST_LEASE)
            .max(slow)
            .max(bound),
    )
}
