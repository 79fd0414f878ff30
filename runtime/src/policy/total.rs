//! Sums of waits, in a number of steps that does not grow with the number of retries.

use core::time::Duration;

use crate::backoff::{Backoff, Jitter, Strategy, duration, power, scale};

/// Waits that are added one by one before a closed formula takes over.
const SUMMED: u32 = 256;

/// The sum of the shortest waits before retries `first` to `last`.
pub(super) fn shortest(backoff: &Backoff, first: u32, last: u32) -> Duration {
    let share = match backoff.jitter() {
        Jitter::Full => return Duration::ZERO,
        Jitter::Equal => 2,
        Jitter::None | Jitter::Decorrelated => 1,
    };
    sum(backoff, first, last, |retry| backoff.bounds(retry).0, share)
}

/// The sum of the longest waits before retries `first` to `last`.
pub(super) fn longest(backoff: &Backoff, first: u32, last: u32) -> Duration {
    sum(backoff, first, last, |retry| backoff.bounds(retry).1, 1)
}

/// Waits never shrink from retry to retry. So a wait that equals the last one stands for all between, which ends the
/// loop for every schedule that has reached its cap. What is left after `SUMMED` waits still grows: linear, or
/// exponential with a fractional multiplier close to one.
fn sum(
    backoff: &Backoff,
    first: u32,
    last: u32,
    wait: impl Fn(u32) -> Duration,
    share: u128,
) -> Duration {
    let end = wait(last);
    let mut nanos = 0_u128;
    let mut retry = first;
    while retry <= last {
        let current = wait(retry);
        if current == end {
            return duration(nanos + current.as_nanos() * u128::from(last - retry + 1));
        }
        if retry - first >= SUMMED {
            let top = plateau(retry, last, |retry| wait(retry) == end);
            let growing = growing(backoff, retry, top - 1) / share;
            return duration(nanos + growing + end.as_nanos() * u128::from(last - top + 1));
        }
        nanos += current.as_nanos();
        retry += 1;
    }
    duration(nanos)
}

/// The first retry above `below` whose wait is the last one's.
fn plateau(mut below: u32, mut at: u32, reached: impl Fn(u32) -> bool) -> u32 {
    while at - below > 1 {
        let middle = below.midpoint(at);
        if reached(middle) {
            at = middle;
        } else {
            below = middle;
        }
    }
    at
}

/// The sum of terms `from` to `to`, none of which is capped, in nanoseconds.
fn growing(backoff: &Backoff, from: u32, to: u32) -> u128 {
    let count = to - from + 1;
    let (initial, multiplier) = (backoff.initial_wait().as_nanos(), backoff.multiplier());
    match backoff.strategy() {
        Strategy::Linear => initial * (u128::from(from) + u128::from(to)) * u128::from(count) / 2,
        // Not from the rounded term: its half nanosecond would be multiplied by the rest of the series.
        _ => scale(
            initial,
            power(multiplier, from - 1) * geometric(multiplier, count),
        ),
    }
}

/// `1 + m + .. + m^(count - 1)` by doubling: `S(2k) = S(k) * (1 + m^k)`. The quotient `(m^count - 1) / (m - 1)` would
/// lose its digits for `m` near one, which is the only case that comes here.
fn geometric(multiplier: f64, count: u32) -> f64 {
    let (mut sum, mut power) = (0.0_f64, 1.0_f64);
    for bit in (0..u32::BITS).rev() {
        sum *= 1.0 + power;
        power *= power;
        if count >> bit & 1 == 1 {
            sum = sum * multiplier + 1.0;
            power *= multiplier;
        }
    }
    sum
}
