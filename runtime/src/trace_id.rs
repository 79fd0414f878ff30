//! The identifier that ties together everything told about one call.

use core::fmt;

/// The identifier of one call, the same in all of its events and in its [`Error`](crate::Error).
///
/// Made when the call first fails, from 128 random bits: the size of a W3C trace-context
/// `trace-id`, and never zero, which that format reserves. `Display` and `Debug` give its 32
/// lower-case hexadecimal digits.
///
/// It is not a secret, and not fit to be one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceId(u128);

impl TraceId {
    /// The identifier made of these bits; zero becomes one.
    pub(crate) const fn from_random(bits: u128) -> Self {
        Self(if bits == 0 { 1 } else { bits })
    }

    /// The bits, most significant digit first when printed; never zero.
    pub const fn as_u128(self) -> u128 {
        self.0
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::TraceId;

    #[test]
    fn prints_all_of_its_digits() {
        assert_eq!(
            TraceId::from_random(0xa0b).to_string(),
            "00000000000000000000000000000a0b"
        );
        assert_eq!(
            TraceId::from_random(u128::MAX).to_string(),
            "ffffffffffffffffffffffffffffffff"
        );
        assert_eq!(
            format!("{:?}", TraceId::from_random(u128::MAX - 1)),
            "TraceId(fffffffffffffffffffffffffffffffe)"
        );
    }

    #[test]
    fn is_never_zero() {
        assert_eq!(TraceId::from_random(0).as_u128(), 1);
        assert_eq!(TraceId::from_random(1).as_u128(), 1);
        assert_eq!(TraceId::from_random(2).as_u128(), 2);
    }
}
