//! Amounts as exact decimals: volumes, prices and money never pass through binary floating point.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Digits after the point that are kept.
const MOST_DIGITS: usize = 8;
/// Digits after the point that are written at least: "0.10", as prices and lots are written.
const LEAST_DIGITS: u32 = 2;

/// A positive decimal with at most eight digits after the point; a string on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Amount(Decimal);

/// Why a text is not an [`Amount`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount is a positive decimal with at most 8 digits after the point; write \"0.10\"")]
pub(crate) struct AmountError;

impl Amount {
    pub(crate) const fn get(self) -> Decimal {
        self.0
    }
}

impl TryFrom<Decimal> for Amount {
    type Error = AmountError;

    fn try_from(decimal: Decimal) -> Result<Self, AmountError> {
        if decimal > Decimal::ZERO && decimal.normalize().scale() as usize <= MOST_DIGITS {
            Ok(Self(decimal))
        } else {
            Err(AmountError)
        }
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    /// Digits, and a point with digits behind it; nothing else that the decimal library would take.
    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let is_digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(whole) || !is_digits(fraction) || fraction.len() > MOST_DIGITS {
            return Err(AmountError);
        }
        let decimal = Decimal::from_str_exact(text).map_err(|_| AmountError)?;
        Self::try_from(decimal)
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
        write(self.0, f)
    }
}

/// Money, which may be owed; a string on the wire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Money(Decimal);

/// Why a text is not [`Money`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("money is a decimal with at most 8 digits after the point; write \"-12.50\"")]
pub(crate) struct MoneyError;

impl Money {
    pub(crate) const fn get(self) -> Decimal {
        self.0
    }
}

impl From<Decimal> for Money {
    /// Rounds to eight digits after the point, half to even.
    fn from(decimal: Decimal) -> Self {
        Self(decimal.round_dp(8))
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-Decimal::ONE, digits),
            None => (Decimal::ONE, text),
        };
        // Nothing is no amount, but it is money.
        if matches!(digits, "0" | "0.0" | "0.00") {
            return Ok(Self::default());
        }
        let amount: Amount = digits.parse().map_err(|AmountError| MoneyError)?;
        Ok(Self(sign * amount.0))
    }
}

impl TryFrom<String> for Money {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, MoneyError> {
        text.parse()
    }
}

impl From<Money> for String {
    fn from(money: Money) -> Self {
        money.to_string()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self.0, f)
    }
}

/// Without zeros at its end, but for the digits that are always written.
fn write(decimal: Decimal, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut written = decimal.normalize();
    if written.scale() < LEAST_DIGITS {
        written.rescale(LEAST_DIGITS);
    }
    write!(f, "{written}")
}

#[cfg(test)]
mod tests {
    use super::{Amount, AmountError, Money, MoneyError};

    #[test]
    fn decimals_are_read_and_written_exactly() {
        for (text, written) in [
            ("0.10", "0.10"),
            ("0.1", "0.10"),
            ("3", "3.00"),
            ("003.500", "3.50"),
            ("1.08425", "1.08425"),
            ("0.00000001", "0.00000001"),
            ("92233720368.54775807", "92233720368.54775807"),
        ] {
            let amount: Amount = text.parse().unwrap();
            assert_eq!(amount.to_string(), written);
            let owed: Money = format!("-{text}").parse().unwrap();
            assert_eq!(owed.to_string(), format!("-{written}"));
        }
        for text in ["0", "0.0", "-0", "-0.00"] {
            assert_eq!(text.parse::<Money>().unwrap().to_string(), "0.00");
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
            "1_000",
            "NaN",
            "1,5",
            "0.123456789",
            " 1",
            "100000000000000000000000000000",
        ] {
            assert_eq!(text.parse::<Amount>(), Err(AmountError), "{text:?}");
        }
        for text in [
            "",
            "-",
            "--1",
            "+1",
            "1.",
            "0.000000000",
            "1e3",
            "inf",
            "-.5",
            ".",
        ] {
            assert_eq!(text.parse::<Money>(), Err(MoneyError), "{text:?}");
        }
    }
}
