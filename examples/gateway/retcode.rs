//! The return codes of MT5's trade server, and what each means for an order.
//!
//! Source: the MQL5 reference, "Return Codes of the Trade Server". What counts is one question: may the order have been executed? Only
//! where the server certainly did nothing it may be sent again.

use std::fmt;

/// A return code, known or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retcode(pub(crate) u32);

/// What a return code means for an order that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Taken, and not filled yet.
    Placed,
    /// Filled as a whole.
    Done,
    /// Filled in part; what becomes of the rest depends on how the order is to be filled.
    Partial,
    /// Certainly not executed: the price has moved. Worth another attempt with a fresh one.
    NewPrice,
    /// Certainly not executed: the server could not take it now. Worth another attempt later.
    Later,
    /// Certainly not executed, and another attempt would end the same way.
    Refused,
    /// It may have been executed: it is never sent again, but asked about.
    Unknown,
}

/// Every code of the reference: its number, its name there without `TRADE_RETCODE_`, its meaning.
const CODES: [(u32, &str, Meaning); 41] = {
    use Meaning::{Done, Later, NewPrice, Partial, Placed, Refused, Unknown};
    [
        (10_004, "REQUOTE", NewPrice),
        (10_006, "REJECT", Refused),
        (10_007, "CANCEL", Refused),
        (10_008, "PLACED", Placed),
        (10_009, "DONE", Done),
        (10_010, "DONE_PARTIAL", Partial),
        // The server failed while it handled the request.
        (10_011, "ERROR", Unknown),
        (10_012, "TIMEOUT", Unknown),
        (10_013, "INVALID", Refused),
        (10_014, "INVALID_VOLUME", Refused),
        (10_015, "INVALID_PRICE", Refused),
        (10_016, "INVALID_STOPS", Refused),
        (10_017, "TRADE_DISABLED", Refused),
        (10_018, "MARKET_CLOSED", Refused),
        (10_019, "NO_MONEY", Refused),
        (10_020, "PRICE_CHANGED", NewPrice),
        (10_021, "PRICE_OFF", Later),
        (10_022, "INVALID_EXPIRATION", Refused),
        // The order is in another state than when it was sent, so it is one already.
        (10_023, "ORDER_CHANGED", Unknown),
        (10_024, "TOO_MANY_REQUESTS", Later),
        (10_025, "NO_CHANGES", Refused),
        (10_026, "SERVER_DISABLES_AT", Refused),
        (10_027, "CLIENT_DISABLES_AT", Refused),
        (10_028, "LOCKED", Later),
        (10_029, "FROZEN", Later),
        (10_030, "INVALID_FILL", Refused),
        // The connection to the server went, before or after the server took the request.
        (10_031, "CONNECTION", Unknown),
        (10_032, "ONLY_REAL", Refused),
        (10_033, "LIMIT_ORDERS", Refused),
        (10_034, "LIMIT_VOLUME", Refused),
        (10_035, "INVALID_ORDER", Refused),
        (10_036, "POSITION_CLOSED", Refused),
        (10_038, "INVALID_CLOSE_VOLUME", Refused),
        (10_039, "CLOSE_ORDER_EXIST", Refused),
        (10_040, "LIMIT_POSITIONS", Refused),
        (10_041, "REJECT_CANCEL", Refused),
        (10_042, "LONG_ONLY", Refused),
        (10_043, "SHORT_ONLY", Refused),
        (10_044, "CLOSE_ONLY", Refused),
        (10_045, "FIFO_CLOSE", Refused),
        (10_046, "HEDGE_PROHIBITED", Refused),
    ]
};

impl Retcode {
    /// What it means; a code that the reference does not have may mean anything.
    pub(crate) fn meaning(self) -> Meaning {
        self.row()
            .map_or(Meaning::Unknown, |(_, _, meaning)| *meaning)
    }

    fn row(self) -> Option<&'static (u32, &'static str, Meaning)> {
        CODES.iter().find(|(code, ..)| *code == self.0)
    }
}

/// `10004 REQUOTE`, `31337 (not in the reference)`.
impl fmt::Display for Retcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row() {
            Some((code, name, _)) => write!(f, "{code} {name}"),
            None => write!(f, "{} (not in the reference)", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CODES, Meaning, Retcode};

    fn codes_that_mean(meaning: Meaning) -> Vec<u32> {
        (0..=20_000)
            .filter(|code| Retcode(*code).meaning() == meaning && Retcode(*code).row().is_some())
            .collect()
    }

    #[test]
    fn every_code_has_one_meaning() {
        assert_eq!(codes_that_mean(Meaning::NewPrice), [10_004, 10_020]);
        assert_eq!(
            codes_that_mean(Meaning::Later),
            [10_021, 10_024, 10_028, 10_029]
        );
        assert_eq!(codes_that_mean(Meaning::Placed), [10_008]);
        assert_eq!(codes_that_mean(Meaning::Done), [10_009]);
        assert_eq!(codes_that_mean(Meaning::Partial), [10_010]);
        assert_eq!(
            codes_that_mean(Meaning::Unknown),
            [10_011, 10_012, 10_023, 10_031]
        );
        let refused: Vec<u32> = [10_006, 10_007]
            .into_iter()
            .chain(10_013..=10_019)
            .chain([10_022])
            .chain(10_025..=10_027)
            .chain([10_030])
            .chain(10_032..=10_036)
            .chain(10_038..=10_046)
            .collect();
        assert_eq!(codes_that_mean(Meaning::Refused), refused);
    }

    #[test]
    fn a_code_that_nobody_knows_may_mean_anything() {
        for code in [0, 10_000, 10_005, 10_037, 10_047, u32::MAX] {
            assert_eq!(Retcode(code).meaning(), Meaning::Unknown, "{code}");
        }
    }

    #[test]
    fn the_codes_are_in_order_and_say_their_names() {
        assert!(CODES.is_sorted_by(|(a, ..), (b, ..)| a < b));
        assert_eq!(Retcode(10_004).to_string(), "10004 REQUOTE");
        assert_eq!(Retcode(7).to_string(), "7 (not in the reference)");
    }
}
