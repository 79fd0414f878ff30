//! The decisions, as pure functions of settings and counts.

use super::types::{Cause, State};
use super::window::Tally;
use crate::policy::BreakerPolicy;

/// Why these counts open a closed breaker, if they do.
pub(super) fn trips(policy: &BreakerPolicy, tally: &Tally) -> Option<Cause> {
    if !is_enough(policy, tally) {
        return None;
    }
    rates(policy, tally)
}

/// Whether there are calls enough for rates to count.
pub(super) fn is_enough(policy: &BreakerPolicy, tally: &Tally) -> bool {
    policy
        .minimum_calls()
        .is_some_and(|minimum| tally.calls >= u64::from(minimum))
}

/// Where the results of the probes lead, once they are enough to decide.
pub(super) fn conclusion(policy: &BreakerPolicy, tally: &Tally) -> Option<(State, Cause)> {
    if let Some(successes) = policy.success_threshold() {
        if tally.failures > 0 {
            return Some((State::Open, Cause::ProbeFailed));
        }
        return (tally.calls >= u64::from(successes))
            .then_some((State::Closed, Cause::ProbesSucceeded));
    }
    if tally.calls < u64::from(policy.half_open_calls()) {
        return None;
    }
    Some(match rates(policy, tally) {
        Some(cause) => (State::Open, cause),
        None => (State::Closed, Cause::ProbesSucceeded),
    })
}

fn rates(policy: &BreakerPolicy, tally: &Tally) -> Option<Cause> {
    if reaches(tally.failures, tally.calls, policy.failure_rate()) {
        return Some(Cause::FailureRate);
    }
    reaches(tally.slow, tally.calls, policy.slow_call_rate()).then_some(Cause::SlowCallRate)
}

/// Divides rather than multiplies: a correctly rounded 3/10 is the 0.3 that somebody wrote. A rate is above zero, so
/// that no calls at all, of which the share is not a number, reach none.
#[expect(
    clippy::cast_precision_loss,
    reason = "a share of more than 2^53 calls may be off by its last bit"
)]
fn reaches(part: u64, whole: u64, rate: Option<f64>) -> bool {
    rate.is_some_and(|rate| part as f64 / whole as f64 >= rate)
}
