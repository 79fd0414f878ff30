//! Our schedules for loops that were written for the `backoff` crate.

use core::time::Duration;

use ::backoff::backoff::Backoff as Foreign;

use crate::{RetryPolicy, clock, random};

/// A policy as a [`backoff::backoff::Backoff`](Foreign), for that crate's own retry functions.
///
/// `max_retries`, the waits with their jitter, and `timeout` apply: a wait that would end at or after `timeout`,
/// counted on the wall clock from the last `reset`, is not handed out. `attempt_timeout` cannot apply, and a hung
/// attempt is not cut short: the loop is not ours.
///
/// ```
/// use backoff::backoff::Backoff;
/// use wait_or_die::{Jitter, RetryPolicy};
///
/// let policy = RetryPolicy::GATEWAY.with_jitter(Jitter::None);
/// let mut backoff = policy.into_backoff();
/// let millis: Vec<u128> = core::iter::from_fn(|| backoff.next_backoff()).map(|wait| wait.as_millis()).collect();
/// assert_eq!(millis, [500, 1000, 2000, 4000, 5000, 5000, 5000, 5000, 5000, 5000]);
/// ```
#[derive(Clone, Debug)]
pub struct ScheduleBackoff {
    policy: RetryPolicy,
    rng: Option<fastrand::Rng>,
    started: clock::Instant,
    previous: Duration,
    /// Waits handed out since the last reset; `max_retries` once it has given up.
    retries: u32,
}

impl ScheduleBackoff {
    /// Starts now, as if reset.
    pub fn new(policy: RetryPolicy) -> Self {
        Self {
            policy,
            rng: None,
            started: clock::blocking_now(),
            previous: policy.initial_wait(),
            retries: 0,
        }
    }

    /// Draws jitter from a generator with this seed, for repeatable runs; by default each thread has its own.
    ///
    /// A reset does not go back to the seed: otherwise every call would wait alike.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.rng = Some(fastrand::Rng::with_seed(seed));
        self
    }

    fn draw(&mut self) -> f64 {
        self.rng
            .as_mut()
            .map_or_else(random::draw, fastrand::Rng::f64)
    }

    fn next_within_timeout(&mut self) -> Option<Duration> {
        let draw = self.draw();
        let wait = self
            .policy
            .backoff()
            .wait(self.retries + 1, self.previous, draw);
        let elapsed = clock::blocking_now().saturating_duration_since(self.started);
        (elapsed.saturating_add(wait) < self.policy.timeout()).then_some(wait)
    }
}

impl Foreign for ScheduleBackoff {
    fn reset(&mut self) {
        self.started = clock::blocking_now();
        self.previous = self.policy.initial_wait();
        self.retries = 0;
    }

    fn next_backoff(&mut self) -> Option<Duration> {
        let max_retries = self.policy.max_retries();
        if self.retries >= max_retries {
            return None;
        }
        let Some(wait) = self.next_within_timeout() else {
            self.retries = max_retries;
            return None;
        };
        self.retries += 1;
        self.previous = wait;
        Some(wait)
    }
}

impl RetryPolicy {
    /// The policy as a backoff of the `backoff` crate; needs the feature `backoff`.
    pub fn into_backoff(self) -> ScheduleBackoff {
        ScheduleBackoff::new(self)
    }
}
