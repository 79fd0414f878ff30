//! The only source of randomness: a generator per thread, replaced by a seeded one in a test scope.

/// A number in `[0, 1)` for jitter.
pub(crate) fn draw() -> f64 {
    #[cfg(feature = "test-util")]
    if let Some(draw) = crate::testing::with_rng(fastrand::Rng::f64) {
        return draw;
    }
    fastrand::f64()
}

/// 128 random bits for a trace id. Not a secret, and not fit to be one.
pub(crate) fn bits() -> u128 {
    #[cfg(feature = "test-util")]
    if let Some(bits) = crate::testing::with_rng(|rng| rng.u128(..)) {
        return bits;
    }
    fastrand::u128(..)
}
