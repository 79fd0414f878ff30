//! An order, as a client writes it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::sync::Timestamp;
use crate::amount::Amount;

/// Longest id or symbol, in bytes: what MT5 keeps of an order's comment, by which orders are looked up.
const LONGEST_NAME: usize = 31;

/// Half a percent.
const USUAL_DEVIATION: Decimal = Decimal::from_parts(5, 0, 0, false, 3);

/// A short printable name: an id or a symbol.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Name(String);

impl Name {
    /// A name that the program gives, cut to what a name may be.
    pub(crate) fn of_program(text: &str) -> Self {
        let kept = text.chars().filter(char::is_ascii_graphic);
        Self(kept.take(LONGEST_NAME).collect())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        if printable && !text.is_empty() && text.len() <= LONGEST_NAME {
            Ok(Self(text))
        } else {
            Err("a name is a string of 1 to 31 printable ASCII characters without spaces")
        }
    }
}

/// Which way an order goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Side {
    #[serde(rename = "OP_BUY")]
    Buy,
    #[serde(rename = "OP_SELL")]
    Sell,
}

/// An order as the client writes it. Written again it is canonical: the same order is always the same text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    /// Executed at most once, whatever is sent how often.
    pub(crate) client_order_id: Name,
    #[serde(rename = "type")]
    pub(crate) side: Side,
    pub(crate) symbol: Name,
    pub(crate) volume: Amount,
    pub(crate) price: Amount,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sl: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tp: Option<Amount>,
    pub(crate) magic: u64,
    /// By how much the price may be worse than `price` when the market has moved; by default half a percent of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) deviation: Option<Amount>,
    /// From then on it is not sent any more; without it, whenever it arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) valid_until: Option<Timestamp>,
}

impl Order {
    /// The price to send it at when the market's is `market`, unless that is worse by more than it allows.
    pub(crate) fn follows(&self, market: Amount) -> Option<Amount> {
        let (own, market_price) = (self.price.get(), market.get());
        let worse = match self.side {
            Side::Buy => market_price - own,
            Side::Sell => own - market_price,
        };
        let allowed = self
            .deviation
            .map_or_else(|| own * USUAL_DEVIATION, Amount::get);
        (worse <= allowed).then_some(market)
    }
}

/// Which order is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderRef {
    pub(crate) client_order_id: Name,
}
