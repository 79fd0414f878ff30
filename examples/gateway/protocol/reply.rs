//! What a client hears.

use serde::{Deserialize, Serialize};

use super::order::{Name, Side};
use super::sync::Timestamp;
use crate::amount::{Amount, Money};
use crate::terminal::{Account, Deal, Position, Taken};

/// Longest text of an error reply, in characters; it may quote what the client sent.
const LONGEST_MESSAGE: usize = 200;

/// An order that the terminal took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Took {
    pub(crate) ticket: u64,
    pub(crate) volume: Amount,
    pub(crate) price: Amount,
    /// Attempts that the terminal took.
    pub(crate) attempts: u32,
    /// The terminal's answer was lost, and the terminal was asked afterwards.
    pub(crate) reconciled: bool,
}

/// The account in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AccountView {
    pub(crate) balance: Money,
    pub(crate) equity: Money,
    pub(crate) margin_free: Money,
    pub(crate) margin_used: Money,
    /// Equity in percent of the margin in use; none without any.
    pub(crate) margin_level: Option<Money>,
    pub(crate) leverage: u32,
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        let hundred = rust_decimal::Decimal::ONE_HUNDRED;
        let percent = account.equity.get().checked_mul(hundred);
        let level = percent.and_then(|percent| percent.checked_div(account.margin_used.get()));
        Self {
            balance: account.balance,
            equity: account.equity,
            margin_free: account.margin_free,
            margin_used: account.margin_used,
            margin_level: level.map(|level| level.round_dp(2).into()),
            leverage: account.leverage,
        }
    }
}

/// An open position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PositionView {
    pub(crate) symbol: Name,
    pub(crate) ticket: u64,
    pub(crate) volume: Amount,
    pub(crate) profit: Money,
    pub(crate) price_current: Amount,
    pub(crate) price_open: Amount,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sl: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tp: Option<Amount>,
    #[serde(rename = "type")]
    pub(crate) side: Side,
    pub(crate) time_open: Timestamp,
    pub(crate) magic: u64,
    pub(crate) client_order_id: Name,
}

impl From<Position> for PositionView {
    fn from(position: Position) -> Self {
        Self {
            symbol: position.symbol,
            ticket: position.ticket,
            volume: position.volume,
            profit: position.profit,
            price_current: position.price_current,
            price_open: position.price_open,
            sl: position.sl,
            tp: position.tp,
            side: position.side,
            time_open: Timestamp::from_millis(position.opened_at),
            magic: position.magic,
            client_order_id: position.client_order_id,
        }
    }
}

/// What was asked for; nothing for `PING`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<AccountView>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) positions: Option<Vec<PositionView>>,
    /// One more with each order that the terminal takes, fills or closes; never goes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) state_version: Option<u64>,
    /// CRC-32C of account, positions and version as they are written, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) checksum: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
}

/// What is said; the module's table says what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Body {
    Ok(Box<Facts>),
    Filled(Took),
    Partial(Took),
    Placed(Took),
    Rejected {
        retcode: u32,
        message: String,
    },
    NotExecuted {
        message: String,
        /// Not worth sending again before so many milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
    },
    InProgress {
        message: String,
    },
    Unknown {
        message: String,
        /// Not worth asking about before so many milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
    },
    /// It may still come.
    NotFound {
        message: String,
    },
    Unavailable {
        message: String,
        /// Not worth asking again before so many milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
    },
    Error {
        message: String,
    },
}

impl Body {
    /// What the terminal took the order as.
    pub(crate) const fn took(deal: &Deal, attempts: u32, reconciled: bool) -> Self {
        let took = Took {
            ticket: deal.ticket,
            volume: deal.volume,
            price: deal.price,
            attempts,
            reconciled,
        };
        match deal.taken {
            Taken::Done => Self::Filled(took),
            Taken::Partial => Self::Partial(took),
            Taken::Placed => Self::Placed(took),
        }
    }
}

/// The one reply to a request; without an id where the request had none that could be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reply {
    pub(crate) id: Option<Name>,
    #[serde(flatten)]
    pub(crate) body: Body,
}

impl Reply {
    /// The reply to something that is not a request.
    pub(crate) fn error(id: Option<Name>, message: &str) -> Self {
        let message = message.chars().take(LONGEST_MESSAGE).collect();
        Self {
            id,
            body: Body::Error { message },
        }
    }
}
