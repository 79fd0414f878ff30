//! Growth laws over nanoseconds. Everything saturates.

use core::time::Duration;

const NANOS_PER_SEC: u128 = 1_000_000_000;

/// Above this a whole `f64` need not be the number that was meant, so it is treated as a fraction.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0; // 2^53

/// The duration of so many nanoseconds, saturating at `Duration::MAX`.
pub(crate) fn duration(nanos: u128) -> Duration {
    let secs = u64::try_from(nanos / NANOS_PER_SEC);
    let rest = u32::try_from(nanos % NANOS_PER_SEC);
    match (secs, rest) {
        (Ok(secs), Ok(rest)) => Duration::new(secs, rest),
        _ => Duration::MAX,
    }
}

/// `initial * multiplier^exponent`: exact for whole multipliers, else to the nearest nanosecond of an `f64`.
pub(super) fn exponential(initial: u128, multiplier: f64, exponent: u32) -> u128 {
    // Written so that NaN takes the second branch.
    let multiplier = if multiplier >= 1.0 { multiplier } else { 1.0 };
    match whole(multiplier) {
        Some(factor) => initial.saturating_mul(factor.saturating_pow(exponent)),
        // Counted from `initial`, so that not even a wait that an `f64` cannot hold ever comes out below it.
        None => initial.saturating_add(scale(initial, power(multiplier, exponent) - 1.0)),
    }
}

/// The Fibonacci number `F(n)`, `F(1) = F(2) = 1`; from `F(187)` on, which no `u128` holds, `u128::MAX`.
pub(super) fn fibonacci(n: u32) -> u128 {
    let (mut current, mut next) = (1_u128, 1_u128);
    for _ in 1..n.min(190) {
        (current, next) = (next, current.saturating_add(next));
    }
    current
}

/// `nanos * factor` to the nearest nanosecond; 0 times infinity is 0.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "both are not negative, the cast back saturates, and 2^-53 of a wait is below any clock"
)]
pub(crate) fn scale(nanos: u128, factor: f64) -> u128 {
    (nanos as f64 * factor).round() as u128
}

/// By squaring, and not by `powi`, whose last digits differ between platforms: a seeded schedule is the same
/// everywhere.
pub(crate) fn power(base: f64, exponent: u32) -> f64 {
    let (mut result, mut square, mut rest) = (1.0, base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result *= square;
        }
        square *= square;
        rest >>= 1;
    }
    result
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be whole and within 1 to 2^53"
)]
fn whole(multiplier: f64) -> Option<u128> {
    (multiplier.fract() == 0.0 && multiplier <= LARGEST_EXACT).then_some(multiplier as u128)
}
