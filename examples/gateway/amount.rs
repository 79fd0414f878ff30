//! Amounts as exact decimals: volumes and prices never pass through binary floating point.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Digits after the point that are kept.
const SCALE: usize = 8;
/// Units in one whole: ten to the power of [`SCALE`].
const ONE: i64 = 100_000_000;

/// A positive decimal with at most eight digits after the point; a string on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Amount(i64);

/// Why a text is not an [`Amount`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount is a positive decimal with at most 8 digits after the point; write \"0.10\"")]
pub(crate) struct AmountError;

fn digits(text: &str) -> Result<i64, AmountError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(AmountError);
    }
    text.parse().map_err(|_| AmountError)
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        if fraction.len() > SCALE {
            return Err(AmountError);
        }
        let units = digits(whole)?
            .checked_mul(ONE)
            .and_then(|units| units.checked_add(digits(&format!("{fraction:0<SCALE$}")).ok()?))
            .filter(|units| *units > 0 && !fraction.is_empty());
        units.map(Self).ok_or(AmountError)
    }
}

impl TryFrom<String> for Amount {
    type Error = AmountError;

    fn try_from(text: String) -> Result<Self, AmountError> {
        text.parse()
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        amount.to_string()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = format!("{:0SCALE$}", self.0 % ONE);
        let kept = fraction.trim_end_matches('0');
        // Two digits at least: "0.10", as prices and lots are written.
        write!(f, "{}.{kept:0<2}", self.0 / ONE)
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, AmountError};

    #[test]
    fn decimals_are_read_and_written_exactly() {
        for (text, written) in [
            ("0.10", "0.10"),
            ("0.1", "0.10"),
            ("3", "3.00"),
            ("1.08425", "1.08425"),
            ("0.00000001", "0.00000001"),
            ("92233720368.54775807", "92233720368.54775807"),
        ] {
            let amount: Amount = text.parse().unwrap();
            assert_eq!(amount.to_string(), written);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "+1",
            "0",
            "0.00",
            "1e3",
            "NaN",
            "1,5",
            "0.123456789",
            " 1",
            "92233720368.54775808",
        ] {
            assert_eq!(text.parse::<Amount>(), Err(AmountError), "{text:?}");
        }
    }
}
